//! How each entry changes an interview: the state is the sum of its entries and of nothing else.

use super::{
    Chosen, EndReason, Entry, Interview, Mode, Next, Outcome, Recorded, ScoreState, SelfRating, Take, TakeTurn, Task,
    TurnKind,
};

impl Interview {
    /// Adds one entry to the state. Entries come from [`Self::decide`] or from the store and are not doubted.
    pub(super) fn apply(&mut self, recorded: Recorded) {
        let Recorded { seq, at, entry } = recorded;
        self.last_seq = seq;
        match entry {
            Entry::Asked { take, question, ask, text, words } => {
                if take == self.takes.len() {
                    let number = 1 + self.takes.iter().filter(|earlier| earlier.question == question).count();
                    let (score, self_rating) = (ScoreState::None, SelfRating::Open);
                    self.takes.push(Take {
                        question,
                        number,
                        turns: Vec::new(),
                        outcome: None,
                        score,
                        scored_at: None,
                        self_rating,
                    });
                }
                self.said_in(take, TakeTurn { seq, at, kind: TurnKind::Ask { ask, words }, text, spoken: None });
                self.next = Next::Answer;
            }
            Entry::Answered { take, text, spoken } => {
                self.said_in(take, TakeTurn { seq, at, kind: TurnKind::Answer, text, spoken });
                self.next = Next::Weigh { take };
            }
            Entry::AskedBack { take, text } => {
                let question = self.takes.get(take).map_or(0, |take| take.question);
                self.next = Next::Say(Task::Clarify { question, asked: text.clone() });
                self.said_in(take, TakeTurn { seq, at, kind: TurnKind::QuestionBack, text, spoken: None });
            }
            Entry::Clarified { take, text, words } => {
                self.said_in(take, TakeTurn { seq, at, kind: TurnKind::Clarification { words }, text, spoken: None });
                self.next = Next::Answer;
            }
            Entry::TookLeave { take, text, words } => {
                self.said_in(take, TakeTurn { seq, at, kind: TurnKind::Leave { words }, text, spoken: None });
            }
            Entry::Closed { take, outcome } => {
                self.next = match self.plan.mode {
                    Mode::Coached => Next::Choose,
                    Mode::Real => self.ask_after(take, at),
                };
                if let Some(take) = self.takes.get_mut(take) {
                    take.outcome = Some(outcome);
                    if outcome == Outcome::Answered {
                        take.score = ScoreState::Awaited;
                    }
                }
            }
            Entry::Chose { choice } => {
                let last = self.takes.len().saturating_sub(1);
                self.next = match choice {
                    Chosen::Next => self.ask_after(last, at),
                    Chosen::Retry => {
                        Next::Say(Task::Ask { question: self.takes.get(last).map_or(0, |take| take.question) })
                    }
                };
            }
            Entry::Scored { take, scorecard } => {
                self.score(take, ScoreState::Scored { scorecard });
                if let Some(take) = self.takes.get_mut(take) {
                    take.scored_at = Some(at);
                }
            }
            Entry::ScoreFailed { take, code, message } => self.score(take, ScoreState::Failed { code, message }),
            Entry::ScoreAwaited { take } => self.score(take, ScoreState::Awaited),
            Entry::SelfRated { take, rating } => {
                if let Some(take) = self.takes.get_mut(take) {
                    take.self_rating = rating.map_or(SelfRating::PassedOn, SelfRating::Rated);
                }
            }
            Entry::Paused => self.pauses.push((at, None)),
            Entry::Resumed => {
                if let Some((_, end)) = self.pauses.last_mut() {
                    *end = Some(at);
                }
            }
            Entry::Ended { reason } => {
                self.ended = Some(reason);
                self.next = Next::Over;
            }
        }
    }

    fn said_in(&mut self, take: usize, turn: TakeTurn) {
        if let Some(take) = self.takes.get_mut(take) {
            take.turns.push(turn);
        }
    }

    fn score(&mut self, take: usize, score: ScoreState) {
        if let Some(take) = self.takes.get_mut(take) {
            take.score = score;
        }
    }

    /// The next question, or leave is taken where there is none or no time for one.
    fn ask_after(&self, take: usize, at: i64) -> Next {
        let question = self.takes.get(take).map_or(0, |take| take.question) + 1;
        Next::Say(if question >= self.questions.len() {
            Task::TakeLeave { reason: EndReason::Finished }
        } else if self.is_time_up(at) {
            Task::TakeLeave { reason: EndReason::TimeUp }
        } else {
            Task::Ask { question }
        })
    }
}
