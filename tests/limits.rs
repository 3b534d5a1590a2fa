//! What a model may cost and how it is counted: budgets, the breaker, tokens, votes and second opinions.

use std::{sync::Arc, time::Duration};

use futures_util::StreamExt as _;
use greenroom::{
    config::{BudgetSettings, LlmSettings, Price, ScorerSettings},
    interview::InterviewId,
    llm::{Call, Chat, Errand, LlmError, LlmJudge, LooseLeaf, Message, Model, Purpose, Purse, Tokens},
    prompt::Prompts,
    question::Verdict,
    scoring::{Exchange, Scorecard},
};
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::{
    app::App,
    endpoint::{Bend, Endpoint, KEY, MODEL, Reply, Step},
    judge::{ANSWER, errand, question},
    llm::{settings, text},
};

fn chat(interview: Option<&InterviewId>) -> Chat {
    Chat {
        system: "Be brief.".to_owned(),
        messages: vec![Message::user("Hello?")],
        temperature: None,
        max_tokens: None,
        response_schema: None,
        errand: Errand { purpose: Purpose::Speaking, interview: interview.cloned(), take: Some(0) },
        expected_tokens: 50,
        patience: None,
    }
}

fn some_interview() -> InterviewId {
    "01990000-0000-7000-8000-000000000000".parse().unwrap()
}

/// A model with a purse, and the books behind it.
fn with_purse(settings: &LlmSettings, limits: BudgetSettings) -> (Model, Arc<LooseLeaf>) {
    let books = Arc::new(LooseLeaf::default());
    let purse = Purse::new(limits, settings.prices.clone(), Arc::<LooseLeaf>::clone(&books));
    (Model::new(settings, purse).unwrap(), books)
}

async fn calls(model: &Model, books: &LooseLeaf) -> Vec<Call> {
    model.purse().settled().await;
    books.calls()
}

#[tokio::test]
async fn every_call_is_written_down_with_its_tokens_its_money_and_its_times() {
    let silent = Reply::Events(vec![Step::Wait(Duration::from_millis(120)), Step::Words("Hello there."), Step::Finish]);
    let endpoint = Endpoint::start([text("Hi."), silent, Reply::error(401, "no"), Reply::busy("0"), text("Hi.")]).await;
    let settings = LlmSettings {
        prices: vec![Price { model: MODEL.to_owned(), input: 1.0, output: 2.0 }],
        ..settings(endpoint.base_url())
    };
    let (model, books) = with_purse(&settings, BudgetSettings::default());
    let interview = some_interview();
    model.ask_text(chat(Some(&interview))).await.unwrap();
    model.ask_text(chat(None)).await.unwrap();
    model.ask_text(chat(None)).await.unwrap_err();
    model.ask_text(chat(None)).await.unwrap();
    let calls = calls(&model, &books).await;
    assert_eq!(calls.len(), 4);
    let told = &calls[0];
    assert_eq!((told.tokens, told.is_estimated), (Tokens { input: 100, output: 20 }, false));
    assert!((told.money.unwrap() - 140e-6).abs() < 1e-12, "{told:?}");
    assert_eq!((told.errand.interview.as_ref(), told.outcome, told.tries), (Some(&interview), "ok", 1));
    let estimated = &calls[1];
    assert!(estimated.is_estimated && estimated.tokens == Tokens { input: 4, output: 3 }, "{estimated:?}");
    assert!(estimated.first_word_ms.unwrap() >= 120 && estimated.total_ms >= estimated.first_word_ms.unwrap());
    assert_eq!((calls[2].outcome, calls[2].tokens.sum(), calls[2].first_word_ms), ("engine-refused", 0, None));
    assert_eq!((calls[3].outcome, calls[3].tries), ("ok", 2));
}

#[tokio::test]
async fn a_reply_that_nobody_waits_for_any_more_is_written_down_too() {
    let endpoint = Endpoint::start([Reply::Events(vec![Step::Words("Half a sen"), Step::Hang])]).await;
    let (model, books) = with_purse(&settings(endpoint.base_url()), BudgetSettings::default());
    let mut words = Box::pin(model.stream(chat(None)).await.unwrap());
    assert_eq!(words.next().await.unwrap().unwrap(), "Half a sen");
    drop(words);
    let calls = calls(&model, &books).await;
    assert_eq!((calls[0].outcome, calls[0].is_estimated, calls[0].tokens.output), ("given-up", true, 3));
}

#[tokio::test]
async fn a_call_that_would_overdraw_a_budget_is_not_made() {
    let endpoint = Endpoint::start([text("Hi."), text("Hi."), text("Hi.")]).await;
    let limits = BudgetSettings { interview_tokens: Some(200), day_tokens: Some(400), ..BudgetSettings::default() };
    let (model, _books) = with_purse(&settings(endpoint.base_url()), limits);
    let interview = some_interview();
    model.ask_text(chat(Some(&interview))).await.unwrap();
    model.purse().settled().await;
    // 120 are spent and this takes about 54; the second time 240 are.
    model.ask_text(chat(Some(&interview))).await.unwrap();
    let error = model.ask_text(chat(Some(&interview))).await.unwrap_err();
    assert_eq!((error.code(), error.may_pass()), ("budget-spent", false));
    let said = error.to_string();
    assert!(said.contains("200 tokens for this interview") && said.contains("budget.interview_tokens"), "{said}");
    // Another interview has a budget of its own, until the day's is used up.
    model.ask_text(chat(None)).await.unwrap();
    let said = model.ask_text(chat(None)).await.unwrap_err().to_string();
    assert!(said.contains("400 tokens for today") && said.contains("budget.day_tokens"), "{said}");
    assert_eq!(endpoint.asked().len(), 3);
}

#[tokio::test]
async fn money_is_limited_by_the_prices() {
    let endpoint = Endpoint::start([text("Hi.")]).await;
    let prices = vec![Price { model: MODEL.to_owned(), input: 1_000.0, output: 1_000.0 }];
    let settings = LlmSettings { prices, ..settings(endpoint.base_url()) };
    let (model, _books) = with_purse(&settings, BudgetSettings { day_money: Some(0.15), ..BudgetSettings::default() });
    model.ask_text(chat(None)).await.unwrap();
    let said = model.ask_text(chat(None)).await.unwrap_err().to_string();
    assert!(said.contains("budget of 0.15 for today") && said.contains("0.1200 spent"), "{said}");
}

#[tokio::test]
async fn calls_under_way_count_so_that_two_never_share_the_same_rest() {
    let endpoint = Endpoint::start([Reply::Events(vec![Step::Hang])]).await;
    let limits = BudgetSettings { day_tokens: Some(100), ..BudgetSettings::default() };
    let (model, _books) = with_purse(&settings(endpoint.base_url()), limits);
    let first = tokio::spawn({
        let model = model.clone();
        async move { model.ask_text(chat(None)).await }
    });
    while endpoint.asked().is_empty() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert_eq!(model.ask_text(chat(None)).await.unwrap_err().code(), "budget-spent");
    first.abort();
}

#[tokio::test]
async fn an_endpoint_that_fails_five_times_in_a_row_is_left_alone() {
    let endpoint = Endpoint::start(std::iter::repeat_n(Reply::error(503, "down"), 5)).await;
    let settings = LlmSettings { attempts: 1, ..settings(endpoint.base_url()) };
    let (model, _books) = with_purse(&settings, BudgetSettings::default());
    for _ in 0..5 {
        assert!(model.ask_text(chat(None)).await.unwrap_err().to_string().contains("status 503"));
    }
    let begun = std::time::Instant::now();
    let error = model.ask_text(chat(None)).await.unwrap_err();
    assert_eq!(error.code(), "engine-unreachable");
    assert!(error.to_string().contains("5 calls in a row failed"), "{error}");
    assert!(begun.elapsed() < Duration::from_millis(100) && endpoint.asked().len() == 5);
}

#[tokio::test]
async fn refusals_do_not_open_the_breaker() {
    let endpoint = Endpoint::start(std::iter::repeat_n(Reply::error(401, "no"), 7)).await;
    let (model, _books) = with_purse(&settings(endpoint.base_url()), BudgetSettings::default());
    for _ in 0..7 {
        assert_eq!(model.ask_text(chat(None)).await.unwrap_err().code(), "engine-refused");
    }
}

async fn judged(endpoint: &Endpoint, scorer: &ScorerSettings) -> Result<(Scorecard, Vec<Call>), LlmError> {
    let (model, books) = with_purse(&settings(endpoint.base_url()), BudgetSettings::default());
    let judge = LlmJudge::new(model.clone(), Arc::new(Prompts::builtin()), Arc::new(|_, _| Vec::new()), scorer);
    let exchange = Exchange::of_answer("q", ANSWER).unwrap();
    let card = judge.judge(&question(), &exchange, &errand()).await?;
    Ok((card, calls(&model, &books).await))
}

/// What the endpoint writes where it finds nothing at all.
const MISSES_ALL: Bend = |mut good, _| {
    for (_, claim) in good["points"].as_object_mut().unwrap() {
        *claim = json!({"sentences": [], "reason": "Not there.", "verdict": "missed"});
    }
    good.to_string()
};

#[tokio::test]
async fn several_judgements_are_put_to_the_vote_and_their_agreement_is_the_confidence() {
    let endpoint = Endpoint::start([Reply::Judgement, Reply::Bent(MISSES_ALL), Reply::Judgement]).await;
    let scorer = ScorerSettings { samples: 3, second_opinion: None };
    let (card, calls) = judged(&endpoint, &scorer).await.unwrap();
    let seen: Vec<_> = card.points().iter().map(|point| (point.verdict, point.confidence.unwrap())).collect();
    let two_of_three = 2.0 / 3.0;
    assert_eq!(seen, [(Verdict::Met, two_of_three), (Verdict::Partial, two_of_three), (Verdict::Missed, 1.0)]);
    let panel = card.panel().unwrap();
    assert_eq!((panel.samples, panel.usable), (3, 3));
    let tickets: std::collections::BTreeSet<String> =
        endpoint.asked().iter().map(|asked| asked.messages()[1].1.clone()).collect();
    assert_eq!(tickets.len(), 3, "each has a ticket of its own");
    assert!(endpoint.asked().iter().all(|asked| asked.body["temperature"].as_f64().unwrap() > 0.5));
    assert_eq!(calls.len(), 3);
}

#[tokio::test]
async fn a_vote_needs_more_than_half_of_its_judgements() {
    let no = || text("I would rather not.");
    let scorer = ScorerSettings { samples: 3, second_opinion: None };
    let endpoint = Endpoint::always(|body| {
        // One of three tickets is refused, by its last digit and again when asked again.
        let seen = body["messages"][1]["content"].as_str().unwrap().split("ticket is `").nth(1).unwrap().to_owned();
        if seen.as_bytes()[0].is_ascii_digit() { Reply::Judgement } else { Reply::Text("No.".to_owned()) }
    })
    .await;
    // However the tickets fall, a score comes from more than half of them or not at all.
    for _ in 0..6 {
        match judged(&endpoint, &scorer).await {
            Ok((card, _)) => assert!(card.panel().unwrap().usable >= 2),
            Err(error) => assert_eq!(error.code(), "engine-unusable-reply"),
        }
    }
    let endpoint = Endpoint::start(std::iter::repeat_n(no(), 6)).await;
    assert_eq!(judged(&endpoint, &scorer).await.unwrap_err().code(), "engine-unusable-reply");
}

#[tokio::test]
async fn a_second_opinion_marks_where_it_differs_and_changes_nothing() {
    let endpoint =
        Endpoint::always(
            |body| {
                if body["model"] == "other-model" { Reply::Bent(MISSES_ALL) } else { Reply::Judgement }
            },
        )
        .await
        .also("other-model");
    let scorer = ScorerSettings { samples: 1, second_opinion: Some("other-model".to_owned()) };
    let (card, calls) = judged(&endpoint, &scorer).await.unwrap();
    let seen: Vec<_> = card.points().iter().map(|point| (point.verdict, point.second_opinion)).collect();
    let differs = Some(Verdict::Missed);
    assert_eq!(seen, [(Verdict::Met, differs), (Verdict::Partial, differs), (Verdict::Missed, None)]);
    assert_eq!(card.overall(), Some(3), "the number is the first judge's");
    assert_eq!(card.panel().unwrap().second_opinion.as_ref().unwrap().missing, None);
    let purposes: Vec<_> = calls.iter().map(|call| (call.errand.purpose, call.model.as_str())).collect();
    assert!(purposes.contains(&(Purpose::SecondOpinion, "other-model")), "{purposes:?}");

    let endpoint = Endpoint::always(|body| {
        if body["model"] == "other-model" { Reply::error(404, "no such model") } else { Reply::Judgement }
    })
    .await
    .also("other-model");
    let (card, _) = judged(&endpoint, &scorer).await.unwrap();
    let second = card.panel().unwrap().second_opinion.clone().unwrap();
    assert!(second.missing.unwrap().contains("no such model"), "a missing opinion is said, and the score stands");
}

#[tokio::test]
async fn what_a_server_files_under_thinking_counts_where_it_is_all_there_is() {
    let endpoint = Endpoint::start([Reply::ThoughtJudgement]).await;
    let (card, _) = judged(&endpoint, &ScorerSettings::default()).await.unwrap();
    assert_eq!(card.points()[0].verdict, Verdict::Met);
}

const SAID: &str = "I called the supplier the day we heard of it. I moved the pilot by two weeks.";

async fn app(endpoint: &Endpoint, env: &[(&str, &str)]) -> App {
    let mut all = vec![
        ("OPENAI_BASE_URL", endpoint.base_url()),
        ("OPENAI_API_KEY", KEY),
        ("GREENROOM_LLM_MODEL", MODEL),
        ("GREENROOM_LLM_PRICES", "test-model 1 2"),
    ];
    all.extend(env);
    App::with_env(&all).await
}

#[tokio::test]
async fn an_interview_shows_what_it_took_call_by_call() {
    let endpoint = Endpoint::start([Reply::Text("No.".into()), Reply::Judgement]).await.speaks();
    let app = app(&endpoint, &[]).await;
    let id = app.interview(json!({ "count": 1, "seed": 7, "follow_ups": 0 })).await;
    app.answer(&id, "k", SAID).await;
    app.until(&id, |seen| seen["takes"][0]["score"]["state"] == "scored").await;
    let path = format!("/api/v1/interviews/{id}/usage");
    let mut usage = app.get(&path).await.body;
    while usage["sum"]["calls"] != 3 {
        tokio::time::sleep(Duration::from_millis(20)).await;
        usage = app.get(&path).await.body;
    }
    let purposes: Vec<&str> =
        usage["calls"].as_array().unwrap().iter().map(|call| call["purpose"].as_str().unwrap()).collect();
    assert_eq!(purposes, ["speaking", "judging", "asking-again"]);
    assert_eq!((&usage["sum"]["input_tokens"], &usage["sum"]["output_tokens"]), (&json!(300), &json!(60)));
    assert!((usage["sum"]["money"].as_f64().unwrap() - 420e-6).abs() < 1e-9, "{usage}");
    assert!(usage["sum"]["slowest_first_word_ms"].is_u64());
    let seen = app.get(&format!("/api/v1/interviews/{id}")).await.body;
    assert_eq!(seen["usage"], usage["sum"]);
    app.post(&format!("/api/v1/interviews/{id}/end"), None).await;
    let page = crate::pages::post(&app, &format!("/interviews/{id}/rate"), &[("skip", "yes")]).await;
    let page = page.text().await.unwrap();
    assert!(page.contains("300 tokens in and 60 out") && page.contains("A stronger answer, in outline"), "{page}");
}

#[tokio::test]
async fn a_spent_budget_leaves_the_answer_kept_and_the_interview_going_with_the_reason_told() {
    let endpoint = Endpoint::start([]).await.speaks();
    let app = app(&endpoint, &[("GREENROOM_BUDGET_INTERVIEW_TOKENS", "1100")]).await;
    let id = app.interview(json!({ "count": 1, "seed": 7, "follow_ups": 0 })).await;
    assert_eq!(app.answer(&id, "k", SAID).await.status, StatusCode::ACCEPTED);
    let seen = app.until(&id, |seen| seen["takes"][0]["score"]["state"] == "failed").await;
    let take = &seen["takes"][0];
    assert_eq!((&take["score"]["code"], &take["scorecard"]), (&json!("budget-spent"), &Value::Null));
    let message = take["score"]["message"].as_str().unwrap();
    assert!(
        message.contains("1100 tokens for this interview") && message.contains("budget.interview_tokens"),
        "{message}"
    );
    assert_eq!(take["turns"][1]["text"], SAID);
    assert!(endpoint.asked().is_empty(), "nothing but the question was asked for");
}

#[tokio::test]
async fn the_days_budget_outlives_the_process() {
    let endpoint = Endpoint::start([]).await.speaks();
    let app = app(&endpoint, &[("GREENROOM_BUDGET_DAY_TOKENS", "600")]).await;
    let wish = json!({ "count": 1, "seed": 7, "follow_ups": 0 });
    let words = |seen: Value| seen["takes"][0]["turns"][0]["words"].clone();
    for _ in 0..2 {
        let id = app.interview(wish.clone()).await;
        let seen = app.until(&id, |seen| seen["usage"]["calls"] == 1).await;
        assert_eq!(words(seen)["from"], "model");
    }
    let app = app.restart().await;
    let id = app.interview(wish).await;
    let words = words(app.until(&id, |seen| seen["next"] == "answer").await);
    assert_eq!(words["from"], "bank-instead", "{words}");
    assert!(words["reason"].as_str().unwrap().contains("600 tokens for today"), "{words}");
}
