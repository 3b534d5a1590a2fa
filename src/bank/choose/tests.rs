//! What a choice of questions promises, on the bank that comes with the program.

use std::{collections::BTreeMap, sync::LazyLock};

use proptest::prelude::*;

use super::*;

static BANK: LazyLock<Bank> = LazyLock::new(|| Bank::builtin().unwrap());

fn wish(count: usize) -> Wish {
    Wish { count, ..Wish::default() }
}

fn id(text: &str) -> QuestionId {
    text.parse().unwrap()
}

fn ids_of(keep: impl Fn(&Question) -> bool) -> Vec<QuestionId> {
    BANK.questions().filter(|question| keep(question)).map(|question| question.id.clone()).collect()
}

#[test]
fn five_questions_come_from_five_categories_and_nothing_is_relaxed() {
    let choice = choose(&BANK, &wish(5), &[]).unwrap();
    let mut categories: Vec<Category> = choice.questions.iter().map(QuestionId::category).collect();
    categories.sort_unstable();
    assert_eq!(categories, Category::ALL);
    assert_eq!(choice.relaxed, []);
}

#[test]
fn single_questions_of_many_seeds_reach_every_category() {
    let mut seen: Vec<Category> =
        (0..60).map(|seed| choose(&BANK, &Wish { seed, ..wish(1) }, &[]).unwrap().questions[0].category()).collect();
    seen.sort_unstable();
    seen.dedup();
    assert_eq!(seen, Category::ALL);
}

#[test]
fn the_level_is_kept_while_it_lasts_then_a_lower_one_is_taken_and_said() {
    let principal = ids_of(|question| question.level == Level::Principal).len();
    let wished = Wish { level: Some(Level::Principal), ..wish(principal + 4) };
    let choice = choose(&BANK, &Wish { count: 2, ..wished.clone() }, &[]).unwrap();
    assert!(choice.questions.iter().all(|id| BANK.get(id).unwrap().level == Level::Principal));

    let choice = choose(&BANK, &wished, &[]).unwrap();
    let [Relaxed::OtherLevel { wished: Level::Principal, questions }] = &choice.relaxed[..] else {
        panic!("{:?}", choice.relaxed)
    };
    assert!(!questions.is_empty());
    assert!(questions.iter().all(|id| BANK.get(id).unwrap().level == Level::Senior));
}

#[test]
fn a_candidate_below_a_question_s_level_gets_it_only_when_all_else_is_used_up() {
    let categories = vec![Category::Execution];
    let wished = Wish { categories, level: Some(Level::Tpm), ..wish(8) };
    let levels: Vec<Level> =
        choose(&BANK, &wished, &[]).unwrap().questions.iter().map(|id| BANK.get(id).unwrap().level).collect();
    assert!(levels.is_sorted(), "{levels:?}");
}

#[test]
fn what_was_had_lately_comes_back_only_when_nothing_else_is_left_the_oldest_first() {
    let risk = ids_of(|question| question.category() == Category::Risk);
    let (had, fresh) = risk.split_at(risk.len() - 2);
    let recent: Vec<QuestionId> = had.to_vec();
    let wished = Wish { categories: vec![Category::Risk], ..wish(3) };
    let choice = choose(&BANK, &wished, &recent).unwrap();
    assert!(fresh.iter().all(|fresh| choice.questions[..2].contains(fresh)));
    let oldest = recent.last().unwrap();
    assert_eq!(choice.questions[2], *oldest);
    assert_eq!(choice.relaxed, [Relaxed::HadLately { questions: vec![oldest.clone()] }]);
}

#[test]
fn more_than_the_bank_has_gives_all_and_says_so() {
    let wished = Wish { categories: vec![Category::Leadership], ..wish(usize::MAX) };
    let choice = choose(&BANK, &wished, &[]).unwrap();
    let all = ids_of(|question| question.category() == Category::Leadership).len();
    assert_eq!(choice.questions.len(), all);
    assert_eq!(choice.relaxed, [Relaxed::Fewer { wished: usize::MAX, found: all }]);
}

#[test]
fn a_category_that_gets_no_turn_is_named() {
    let wished = Wish { categories: vec![Category::Risk, Category::Execution, Category::Risk], ..wish(1) };
    let choice = choose(&BANK, &wished, &[]).unwrap();
    let left = if choice.questions[0].category() == Category::Risk { Category::Execution } else { Category::Risk };
    assert_eq!(choice.relaxed, [Relaxed::LeftOut { categories: vec![left] }]);
}

#[test]
fn named_questions_are_asked_as_named_each_once() {
    let (a, b) = (id("risk/go-no-go"), id("execution/late-dependency"));
    let wished = Wish { questions: vec![a.clone(), b.clone(), a.clone()], ..wish(1) };
    let choice = choose(&BANK, &wished, std::slice::from_ref(&a)).unwrap();
    assert_eq!(choice, Choice { questions: vec![a, b], relaxed: vec![] });
}

#[test]
fn a_named_question_that_is_not_there_suggests_the_one_that_was_meant() {
    let wished = Wish { questions: vec![id("risk/go-nogo")], ..wish(1) };
    let error = choose(&BANK, &wished, &[]).unwrap_err();
    assert_eq!(error.to_string(), "the question bank has no question `risk/go-nogo`; did you mean `risk/go-no-go`?");
    assert_eq!(choose(&BANK, &wish(0), &[]), Err(NothingToAsk::NoneWished));
}

#[test]
fn what_was_relaxed_reads_as_plain_words() {
    let texts = [
        Relaxed::Fewer { wished: 9, found: 8 },
        Relaxed::LeftOut { categories: vec![Category::Risk, Category::Leadership] },
        Relaxed::OtherLevel { wished: Level::Principal, questions: vec![id("risk/go-no-go")] },
        Relaxed::HadLately { questions: vec![id("risk/go-no-go"), id("risk/early-signs")] },
    ]
    .map(|relaxed| relaxed.to_string());
    assert_eq!(
        texts,
        [
            "You wished for 9 questions; the bank has 8 that fit.",
            "More categories than questions; left out: Risk, Leadership.",
            "Not enough questions of the level Principal TPM; of another level: risk/go-no-go.",
            "Not enough questions that you have not had lately; repeated: risk/go-no-go, risk/early-signs.",
        ]
    );
}

fn any_wish() -> impl Strategy<Value = Wish> {
    let categories = proptest::collection::vec(proptest::sample::select(Category::ALL), 0..4);
    let level = proptest::option::of(proptest::sample::select(Level::ALL));
    (categories, level, 1..150_usize, any::<u64>()).prop_map(|(categories, level, count, seed)| Wish {
        categories,
        level,
        count,
        seed,
        questions: vec![],
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_choice_keeps_to_the_wish_and_admits_where_it_does_not(
        wish in any_wish(),
        recent in proptest::sample::subsequence(ids_of(|_| true), 0..90).prop_shuffle(),
    ) {
        let Choice { questions, relaxed } = choose(&BANK, &wish, &recent).unwrap();
        prop_assert_eq!(&choose(&BANK, &wish, &recent).unwrap().questions, &questions);

        let wished = |id: &QuestionId| wish.categories.is_empty() || wish.categories.contains(&id.category());
        let pool = ids_of(|question| wished(&question.id));
        prop_assert!(questions.iter().all(wished));
        prop_assert_eq!(questions.len(), wish.count.min(pool.len()));
        let mut unique = questions.clone();
        unique.sort();
        unique.dedup();
        prop_assert_eq!(unique.len(), questions.len());

        // Categories take turns: where one has had two turns fewer than another, it has nothing left.
        let mut turns: BTreeMap<Category, usize> = pool.iter().map(|id| (id.category(), 0)).collect();
        for id in &questions {
            *turns.get_mut(&id.category()).unwrap() += 1;
        }
        let most = turns.values().copied().max().unwrap();
        for (category, count) in turns {
            let all = pool.iter().filter(|id| id.category() == category).count();
            prop_assert!(count + 1 >= most || count == all);
            let fresh = |id: &&QuestionId| id.category() == category && !recent.contains(id);
            let repeats = questions.iter().any(|id| id.category() == category && recent.contains(id));
            prop_assert!(!repeats || questions.iter().filter(fresh).count() == pool.iter().filter(fresh).count());
        }
        let has = |keep: fn(&Relaxed) -> bool| relaxed.iter().any(keep);
        prop_assert_eq!(has(|r| matches!(r, Relaxed::Fewer { .. })), questions.len() < wish.count);
        prop_assert_eq!(
            has(|r| matches!(r, Relaxed::HadLately { .. })),
            questions.iter().any(|id| recent.contains(id))
        );
        prop_assert_eq!(
            has(|r| matches!(r, Relaxed::OtherLevel { .. })),
            wish.level.is_some_and(|level| questions.iter().any(|id| BANK.get(id).unwrap().level != level))
        );
    }
}
