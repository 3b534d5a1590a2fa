//! What a candidate says, types and chooses in an interview, kept before anything follows from it.

use super::{Practice, PracticeError, live::Write, now};
use crate::{
    interview::{Chosen, Entry, Event, InterviewId, Outcome},
    scoring::Spoken,
};

/// The longest draft that is kept, in code points: well over the longest answer, so that cutting is up to
/// the candidate.
const LONGEST_DRAFT: usize = 100_000;

/// Something that a candidate says.
#[derive(Debug, Clone)]
pub struct Said {
    pub kind: SaidKind,
    pub text: String,
    /// How an answer was given aloud; nothing where it was typed. Not kept of a question back.
    pub spoken: Option<Spoken>,
    /// Chosen by the client; the same key with the same text is the same answer, however often it is sent.
    pub key: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SaidKind {
    Answer,
    QuestionBack,
}

/// What was said is on the disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acknowledged {
    pub seq: u64,
    pub entry: Entry,
    /// Whether it had been sent before and nothing was added.
    pub replayed: bool,
}

impl Practice {
    /// Keeps what the candidate says; it is on the disk when this returns, and what follows from it goes on
    /// by itself.
    pub async fn say(&self, id: &InterviewId, said: Said) -> Result<Acknowledged, PracticeError> {
        let Said { kind, text, spoken, key } = said;
        let event = match kind {
            SaidKind::Answer => Event::Answered { text: text.clone(), spoken },
            SaidKind::QuestionBack => Event::AskedBack { text: text.clone() },
        };
        let live = self.0.live.get(id);
        match (self.apply(&live, event, Write::Entries { key: key.as_deref() }).await, key) {
            (Ok(recorded), _) => match recorded.into_iter().next() {
                Some(first) => Ok(Acknowledged { seq: first.seq, entry: first.entry, replayed: false }),
                None => Err(PracticeError::Contended),
            },
            // The same request may have come before: then the interview has moved on because of it.
            (Err(error @ (PracticeError::Refused(_) | PracticeError::KeyReused)), Some(key)) => {
                let Some(earlier) = self.0.store.entry_by_key(id, &key).await? else { return Err(error) };
                if earlier.entry.said_by_candidate() != Some(text.as_str()) {
                    return Err(PracticeError::KeyReused);
                }
                self.kick(&live).await?;
                Ok(Acknowledged { seq: earlier.seq, entry: earlier.entry, replayed: true })
            }
            (Err(error), _) => Err(error),
        }
    }

    /// The candidate passes on what was asked, or their time for it ran out.
    pub async fn pass(&self, id: &InterviewId, outcome: Outcome) -> Result<(), PracticeError> {
        let event = match outcome {
            Outcome::TimedOut => Event::TimedOut,
            Outcome::Skipped | Outcome::Answered => Event::Skipped,
        };
        self.tell(id, event).await
    }

    /// After a take in coached mode: take it again or go on.
    pub async fn choose(&self, id: &InterviewId, choice: Chosen) -> Result<(), PracticeError> {
        self.tell(id, Event::Chose { choice }).await
    }

    /// Ends the interview; what was answered is scored, and a draft is kept.
    pub async fn end(&self, id: &InterviewId) -> Result<(), PracticeError> {
        self.tell(id, Event::Ended).await
    }

    /// Has a take scored again.
    pub async fn rescore(&self, id: &InterviewId, take: usize) -> Result<(), PracticeError> {
        self.tell(id, Event::ScoreWanted { take }).await
    }

    /// The candidate rates a take themself, or would rather not; the first word counts.
    pub async fn rate(&self, id: &InterviewId, take: usize, rating: Option<u8>) -> Result<(), PracticeError> {
        self.tell(id, Event::SelfRated { take, rating }).await
    }

    /// The candidate takes a break: until they are back no time counts.
    pub async fn pause(&self, id: &InterviewId) -> Result<(), PracticeError> {
        self.tell(id, Event::Paused).await
    }

    /// The candidate is back.
    pub async fn resume(&self, id: &InterviewId) -> Result<(), PracticeError> {
        self.tell(id, Event::Resumed).await
    }

    async fn tell(&self, id: &InterviewId, event: Event) -> Result<(), PracticeError> {
        self.apply(&self.0.live.get(id), event, Write::Entries { key: None }).await.map(drop)
    }

    /// Keeps what has been typed so far.
    pub async fn save_draft(&self, id: &InterviewId, text: String) -> Result<(), PracticeError> {
        self.save_draft_after(id, text, None).await
    }

    /// Keeps what has been typed so far in reply to what stands at place `after`; refused when the candidate has
    /// replied to that meanwhile.
    pub async fn save_draft_after(
        &self,
        id: &InterviewId,
        text: String,
        after: Option<u64>,
    ) -> Result<(), PracticeError> {
        let chars = text.chars().count();
        if chars > LONGEST_DRAFT {
            return Err(PracticeError::DraftTooLong { chars, most: LONGEST_DRAFT });
        }
        if text.contains('\0') {
            return Err(PracticeError::Refused(crate::interview::Refusal::Nul));
        }
        self.ensure_exists(id).await?;
        if self.0.store.save_draft(id, &text, after, now()).await? {
            Ok(())
        } else {
            Err(PracticeError::AnsweredMeanwhile)
        }
    }
}
