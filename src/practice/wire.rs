//! An interview as it is shown to other programs: in exports and in the API alike.

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::{InterviewView, Summary, usage::UsageSum, wording::Wording};
use crate::{
    interview::{AskKind, EndReason, Mode, Next, Outcome, ScoreState, Style, Take, TakeTurn, TurnKind, Words},
    question::{Level, Question},
    scoring::wire::ScorecardView,
};

/// One interview with everything that was said and every scorecard that may be seen now.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Interview)]
pub struct InterviewJson {
    pub id: String,
    /// RFC 3339, UTC.
    pub started_at: String,
    /// Null while the interview goes on.
    #[schema(required)]
    pub ended: Option<EndReason>,
    pub mode: Mode,
    pub style: Style,
    #[schema(required)]
    pub level: Option<Level>,
    pub seed: u64,
    /// What had to be relaxed to fill the plan, in plain words.
    pub relaxed: Vec<String>,
    pub next: NextJson,
    /// What the interviewer is saying right now, as far as it has come.
    #[schema(required)]
    pub saying: Option<String>,
    /// What has been typed and not submitted.
    pub draft: String,
    /// Place of the latest entry; where following the events begins.
    pub last_seq: u64,
    pub questions: Vec<PlannedJson>,
    pub takes: Vec<TakeJson>,
    /// What it took of models so far; null where none was asked.
    #[schema(required)]
    pub usage: Option<UsageSum>,
}

/// Whose move it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[schema(as = Next)]
pub enum NextJson {
    /// The interviewer is about to speak.
    Interviewer,
    /// The candidate is to answer.
    Answer,
    /// The candidate chooses to take it again or to go on.
    Choose,
    /// The interview is over.
    Over,
}

/// A question of the plan; its rubric is not told.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = PlannedQuestion)]
pub struct PlannedJson {
    pub id: String,
    /// SHA-256 of the question as it stood at the start.
    pub hash: String,
    /// The beginning of the hash, by which people call this wording.
    pub version: String,
    /// Whether the bank at hand still words it so.
    pub wording: Wording,
    pub title: String,
    pub minutes: u8,
}

/// One try at one question.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Take)]
pub struct TakeJson {
    /// Place among all takes of the interview, from 0.
    pub take: usize,
    pub question: String,
    /// 1 for the first try at this question.
    pub number: usize,
    /// Null while the take is open.
    #[schema(required)]
    pub outcome: Option<Outcome>,
    pub turns: Vec<TurnJson>,
    pub score: ScoreJson,
    /// Null where there is none or it is not shown yet.
    #[schema(required)]
    pub scorecard: Option<ScorecardView>,
}

/// Something that was said.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Turn)]
pub struct TurnJson {
    pub seq: u64,
    /// RFC 3339, UTC.
    pub at: String,
    pub kind: TurnKindJson,
    /// Id of the follow-up, where it is one.
    #[schema(required)]
    pub follow_up: Option<String>,
    /// Whose words the interviewer used; null for the candidate's.
    #[schema(required)]
    pub words: Option<Words>,
    pub text: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[schema(as = TurnKind)]
pub enum TurnKindJson {
    Question,
    FollowUp,
    Answer,
    QuestionBack,
    Clarification,
    /// The interviewer ends the interview.
    Leave,
}

/// Whether a take has a score; where it has none, why.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(tag = "state", rename_all = "kebab-case")]
#[schema(as = ScoreState)]
pub enum ScoreJson {
    /// Nothing to score: still open, or ended without an answer.
    None,
    /// The score is being made.
    Awaited,
    /// Not scored; it can be tried again.
    Failed {
        code: String,
        message: String,
    },
    /// There is a score, shown when the interview is over (real mode).
    Withheld,
    Scored,
}

/// One line of the list of interviews.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = InterviewSummary)]
pub struct SummaryJson {
    pub id: String,
    /// RFC 3339, UTC.
    pub started_at: String,
    #[schema(required)]
    pub ended: Option<EndReason>,
    pub mode: Mode,
    #[schema(required)]
    pub level: Option<Level>,
    pub questions: Vec<String>,
    pub takes_scored: usize,
    /// Mean overall of the latest scorecards; null where there is none, or not shown yet.
    #[schema(required)]
    pub mean_overall: Option<f64>,
    /// Whether a take waits to be scored.
    pub waiting: bool,
}

/// RFC 3339 in UTC, of Unix milliseconds.
pub fn rfc3339(at: i64) -> String {
    Timestamp::from_millisecond(at).map_or_else(|_| at.to_string(), |time| time.to_string())
}

impl From<&InterviewView> for InterviewJson {
    fn from(view: &InterviewView) -> Self {
        let interview = &view.interview;
        let plan = interview.plan();
        Self {
            id: view.id.to_string(),
            started_at: rfc3339(interview.started_at()),
            ended: interview.ended(),
            mode: plan.mode,
            style: plan.style,
            level: plan.level,
            seed: plan.seed,
            relaxed: plan.relaxed.clone(),
            next: match interview.next() {
                Next::Say(_) | Next::Weigh { .. } => NextJson::Interviewer,
                Next::Answer => NextJson::Answer,
                Next::Choose => NextJson::Choose,
                Next::Over => NextJson::Over,
            },
            saying: view.saying.clone(),
            draft: view.draft.clone(),
            last_seq: interview.last_seq(),
            questions: planned(view),
            takes: interview.takes().iter().enumerate().map(|(number, take)| take_json(view, number, take)).collect(),
            usage: view.usage,
        }
    }
}

fn planned(view: &InterviewView) -> Vec<PlannedJson> {
    let questions = view.interview.questions().iter().zip(&view.wordings);
    let planned = questions.map(|(question, &wording)| {
        let hash = question.hash();
        PlannedJson {
            id: question.id.to_string(),
            version: Question::version_of(&hash).to_owned(),
            hash,
            wording,
            title: question.title.clone(),
            minutes: question.minutes,
        }
    });
    planned.collect()
}

fn take_json(view: &InterviewView, number: usize, take: &Take) -> TakeJson {
    TakeJson {
        take: number,
        question: view.interview.question_of(take).id.to_string(),
        number: take.number,
        outcome: take.outcome,
        turns: take.turns.iter().map(TurnJson::from).collect(),
        score: match view.score(number) {
            ScoreState::None => ScoreJson::None,
            ScoreState::Awaited => ScoreJson::Awaited,
            ScoreState::Failed { code, message } => ScoreJson::Failed { code, message },
            ScoreState::Scored { .. } if view.interview.shows_scores() => ScoreJson::Scored,
            ScoreState::Scored { .. } => ScoreJson::Withheld,
        },
        scorecard: view.scorecards.get(&number).map(ScorecardView::from),
    }
}

impl From<&TakeTurn> for TurnJson {
    fn from(turn: &TakeTurn) -> Self {
        let (kind, follow_up, words) = match &turn.kind {
            TurnKind::Ask { ask: AskKind::Question, words } => (TurnKindJson::Question, None, Some(words.clone())),
            TurnKind::Ask { ask: AskKind::FollowUp(id), words } => {
                (TurnKindJson::FollowUp, Some(id.clone()), Some(words.clone()))
            }
            TurnKind::Answer => (TurnKindJson::Answer, None, None),
            TurnKind::QuestionBack => (TurnKindJson::QuestionBack, None, None),
            TurnKind::Clarification { words } => (TurnKindJson::Clarification, None, Some(words.clone())),
            TurnKind::Leave { words } => (TurnKindJson::Leave, None, Some(words.clone())),
        };
        Self { seq: turn.seq, at: rfc3339(turn.at), kind, follow_up, words, text: turn.text.clone() }
    }
}

impl From<&Summary> for SummaryJson {
    fn from(summary: &Summary) -> Self {
        let shown = match summary.plan.mode {
            Mode::Coached => true,
            Mode::Real => summary.ended.is_some(),
        };
        Self {
            id: summary.id.to_string(),
            started_at: rfc3339(summary.started_at),
            ended: summary.ended,
            mode: summary.plan.mode,
            level: summary.plan.level,
            questions: summary.plan.questions.iter().map(ToString::to_string).collect(),
            takes_scored: summary.takes_scored,
            mean_overall: summary.mean_overall.filter(|_| shown),
            waiting: summary.waiting,
        }
    }
}
