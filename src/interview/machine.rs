//! The interview as a state machine: events in, entries to record and the next step out.

use std::sync::Arc;

use super::{
    AskKind, Chosen, EndReason, Entry, Event, Mode, Next, Outcome, Plan, Recorded, Refusal, Take, Task, Unproven,
    Words, event::LONGEST_QUESTION_BACK, follow_up, question_back::is_question_back,
};
use crate::{
    question::{Question, Verdict},
    scoring::{MAX_ANSWER_CHARS, Spoken, UnfitAnswer},
};

/// An interview: its plan, its questions and what has happened so far.
#[derive(Debug, Clone)]
pub struct Interview {
    pub(super) plan: Plan,
    pub(super) questions: Vec<Arc<Question>>,
    pub(super) takes: Vec<Take>,
    started_at: i64,
    pub(super) last_seq: u64,
    pub(super) next: Next,
    pub(super) ended: Option<EndReason>,
    /// When each break began and ended.
    pub(super) pauses: Vec<(i64, Option<i64>)>,
}

impl Interview {
    /// A new interview whose first step is to ask the first question. `questions` are those of the plan, in order.
    pub fn new(plan: Plan, questions: Vec<Arc<Question>>, at: i64) -> Self {
        Self {
            plan,
            questions,
            takes: Vec::new(),
            started_at: at,
            last_seq: 0,
            next: Next::Say(Task::Ask { question: 0 }),
            ended: None,
            pauses: Vec::new(),
        }
    }

    /// The interview as its entries left it; the same entries always give the same interview.
    pub fn restore(plan: Plan, questions: Vec<Arc<Question>>, started_at: i64, entries: Vec<Recorded>) -> Self {
        let mut interview = Self::new(plan, questions, started_at);
        for recorded in entries {
            interview.apply(recorded);
        }
        interview
    }

    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    pub fn questions(&self) -> &[Arc<Question>] {
        &self.questions
    }

    pub fn takes(&self) -> &[Take] {
        &self.takes
    }

    pub fn question_of(&self, take: &Take) -> &Arc<Question> {
        &self.questions[take.question]
    }

    pub fn next(&self) -> &Next {
        &self.next
    }

    pub fn ended(&self) -> Option<EndReason> {
        self.ended
    }

    pub fn started_at(&self) -> i64 {
        self.started_at
    }

    /// The place of the latest entry; 0 before the first.
    pub fn last_seq(&self) -> u64 {
        self.last_seq
    }

    /// Whether the candidate may see scorecards now: at once when coached, at the end when real.
    pub fn shows_scores(&self) -> bool {
        match self.plan.mode {
            Mode::Coached => true,
            Mode::Real => self.ended.is_some(),
        }
    }

    /// Takes an event at the time `at` and returns the entries to record, which are already part of `self`.
    ///
    /// A follow-up that was decided on leaves no entry before it is asked: a restored interview weighs the same
    /// answers again and comes to the same follow-up.
    pub fn on(&mut self, event: Event, at: i64) -> Result<Vec<Recorded>, Refusal> {
        let entries = match event {
            Event::Answered { text, spoken } => self.answered(text, spoken)?,
            Event::AskedBack { text } => self.asked_back(text)?,
            Event::Weighed { unproven } => self.weighed(unproven, at)?,
            Event::Said { text, words } => self.said(text, words)?,
            Event::Skipped => self.passed(Outcome::Skipped)?,
            Event::TimedOut => self.passed(Outcome::TimedOut)?,
            Event::Chose { choice } => self.chose(choice)?,
            Event::SelfRated { take, rating } => vec![self.rated(take, rating)?],
            Event::Paused => vec![self.paused()?],
            Event::Resumed if self.is_paused() => vec![Entry::Resumed],
            Event::Resumed => return Err(Refusal::NotPaused),
            Event::Ended => self.end_early()?,
            Event::Scored { take, scorecard } => vec![self.of_answer(take, Entry::Scored { take, scorecard })?],
            Event::ScoreFailed { take, code, message } => {
                vec![self.of_answer(take, Entry::ScoreFailed { take, code, message })?]
            }
            Event::ScoreWanted { take } => vec![self.of_answer(take, Entry::ScoreAwaited { take })?],
        };
        let mut recorded = Vec::with_capacity(entries.len());
        // Whoever speaks or chooses is back from their break.
        let moves = |entry: &Entry| entry.said_by_candidate().is_some() || matches!(entry, Entry::Chose { .. });
        let is_over = entries.iter().any(|entry| matches!(entry, Entry::Ended { .. }));
        let is_back = self.is_paused()
            && !is_over
            && entries.iter().any(|entry| moves(entry) || matches!(entry, Entry::Closed { .. }));
        for entry in entries.into_iter().chain(is_back.then_some(Entry::Resumed)) {
            let one = Recorded { seq: self.last_seq + 1, at, entry };
            self.apply(one.clone());
            recorded.push(one);
        }
        Ok(recorded)
    }

    fn answered(&self, text: String, spoken: Option<Spoken>) -> Result<Vec<Entry>, Refusal> {
        let take = self.open_for_answer()?;
        if text.trim().is_empty() {
            return Err(UnfitAnswer::Empty.into());
        }
        if text.contains('\0') {
            return Err(Refusal::Nul);
        }
        let open = &self.takes[take];
        let chars = open.answer_chars() + text.chars().count();
        if chars > MAX_ANSWER_CHARS {
            return Err(UnfitAnswer::TooLong { chars }.into());
        }
        if is_question_back(&text) && open.questions_back() < usize::from(self.plan.clarifications) {
            return Ok(vec![Entry::AskedBack { take, text }]);
        }
        Ok(vec![Entry::Answered { take, text, spoken }])
    }

    fn asked_back(&self, text: String) -> Result<Vec<Entry>, Refusal> {
        let take = self.open_for_answer()?;
        if text.trim().is_empty() {
            return Err(UnfitAnswer::Empty.into());
        }
        if text.contains('\0') {
            return Err(Refusal::Nul);
        }
        let chars = text.chars().count();
        if chars > LONGEST_QUESTION_BACK {
            return Err(Refusal::LongQuestionBack { chars });
        }
        if self.takes[take].questions_back() >= usize::from(self.plan.clarifications) {
            return Err(Refusal::NoMoreQuestionsBack);
        }
        Ok(vec![Entry::AskedBack { take, text }])
    }

    /// Decides on a follow-up; it is asked once the interviewer has phrased it.
    fn weighed(&mut self, unproven: Option<Vec<Unproven>>, at: i64) -> Result<Vec<Entry>, Refusal> {
        let Next::Weigh { take } = self.next else { return Err(Refusal::NotYet) };
        if let Some(task) = self.follow_up(take, unproven, at) {
            self.next = Next::Say(task);
            return Ok(Vec::new());
        }
        Ok(vec![Entry::Closed { take, outcome: Outcome::Answered }])
    }

    /// The follow-up that the answers so far call for, within the budget and the time.
    fn follow_up(&self, take: usize, unproven: Option<Vec<Unproven>>, at: i64) -> Option<Task> {
        let spoken = &self.takes[take];
        let asked = spoken.follow_ups();
        if asked.len() >= usize::from(self.plan.follow_ups) || self.is_time_up(at) {
            return None;
        }
        let question = &self.questions[spoken.question];
        // What could not be judged is unproven as a whole: the follow-ups come in the order of the weights.
        let unproven = unproven.unwrap_or_else(|| {
            let missed = |id: &String| Unproven { point: id.clone(), verdict: Verdict::Missed };
            question.assessment_points.iter().map(|point| missed(&point.id)).collect()
        });
        let follow_up = follow_up::choose(question, &asked, &unproven)?;
        Some(Task::FollowUp { question: spoken.question, id: follow_up.id.clone() })
    }

    fn said(&self, text: String, words: Words) -> Result<Vec<Entry>, Refusal> {
        let Next::Say(task) = &self.next else { return Err(Refusal::NotYet) };
        Ok(vec![match task {
            Task::Ask { question } => {
                Entry::Asked { take: self.takes.len(), question: *question, ask: AskKind::Question, text, words }
            }
            Task::FollowUp { question, id } => {
                let ask = AskKind::FollowUp(id.clone());
                Entry::Asked { take: self.takes.len() - 1, question: *question, ask, text, words }
            }
            Task::Clarify { .. } => Entry::Clarified { take: self.takes.len() - 1, text, words },
            Task::TakeLeave { reason } => {
                let leave = Entry::TookLeave { take: self.takes.len().saturating_sub(1), text, words };
                return Ok(vec![leave, Entry::Ended { reason: *reason }]);
            }
        }])
    }

    fn passed(&self, outcome: Outcome) -> Result<Vec<Entry>, Refusal> {
        let take = self.open_for_answer()?;
        let outcome = if self.takes[take].is_answered() { Outcome::Answered } else { outcome };
        Ok(vec![Entry::Closed { take, outcome }])
    }

    fn chose(&self, choice: Chosen) -> Result<Vec<Entry>, Refusal> {
        match self.next {
            Next::Choose => Ok(vec![Entry::Chose { choice }]),
            Next::Over => Err(Refusal::Over),
            Next::Say(_) | Next::Weigh { .. } | Next::Answer => Err(Refusal::NothingToChoose),
        }
    }

    fn end_early(&self) -> Result<Vec<Entry>, Refusal> {
        if self.ended.is_some() {
            return Err(Refusal::Over);
        }
        let is_done = self.next == Next::Choose
            && self.takes.last().is_some_and(|take| take.question + 1 == self.questions.len());
        let mut entries = Vec::new();
        if let Some((take, open)) = self.takes.iter().enumerate().next_back().filter(|(_, take)| take.outcome.is_none())
        {
            let outcome = if open.is_answered() { Outcome::Answered } else { Outcome::Skipped };
            entries.push(Entry::Closed { take, outcome });
        }
        let reason = match self.next {
            // Leave is being taken anyway.
            Next::Say(Task::TakeLeave { reason }) => reason,
            _ if is_done => EndReason::Finished,
            _ => EndReason::ByCandidate,
        };
        entries.push(Entry::Ended { reason });
        Ok(entries)
    }

    fn rated(&self, take: usize, rating: Option<u8>) -> Result<Entry, Refusal> {
        if let Some(rating) = rating.filter(|rating| !(1..=5).contains(rating)) {
            return Err(Refusal::NoSuchRating(rating));
        }
        let entry = self.of_answer(take, Entry::SelfRated { take, rating })?;
        if self.takes[take].wants_self_rating() { Ok(entry) } else { Err(Refusal::RatedAlready(take)) }
    }

    fn open_for_answer(&self) -> Result<usize, Refusal> {
        match self.next {
            Next::Answer => Ok(self.takes.len() - 1),
            Next::Say(_) | Next::Weigh { .. } => Err(Refusal::NotYet),
            Next::Choose => Err(Refusal::NothingAsked),
            Next::Over => Err(Refusal::Over),
        }
    }

    /// Lets an entry about the score of a take pass where there is an answer to score.
    fn of_answer(&self, take: usize, entry: Entry) -> Result<Entry, Refusal> {
        match self.takes.get(take) {
            None => Err(Refusal::NoSuchTake(take)),
            Some(closed) if closed.outcome == Some(Outcome::Answered) => Ok(entry),
            Some(_) => Err(Refusal::NothingToScore(take)),
        }
    }

    pub(super) fn is_time_up(&self, at: i64) -> bool {
        let active = self.active_since(self.started_at, at);
        self.plan.minutes.is_some_and(|minutes| active >= i64::from(minutes) * 60_000)
    }
}
