//! How an answer becomes a scorecard: a judgement is a claim, checks turn it into evidence, code adds it up.

pub mod agreement;
mod check;
mod delivery;
mod exchange;
mod flag;
pub mod formula;
mod judgement;
pub mod offline;
mod outline;
mod panel;
mod record;
mod scorecard;
mod segment;
mod spoken;
pub mod wire;

pub(crate) use check::is_invisible;
pub use check::{Checked, Fault, check};
pub use delivery::Delivery;
pub use exchange::{Evidence, Exchange, MAX_ANSWER_CHARS, Span, Turn, UnfitAnswer};
pub use flag::FlagCode;
pub use judgement::{FlagClaim, Judgement, PitfallClaim, PointClaim};
pub use outline::{MOST_STEPS, OutlineStep, StepClaim, check_outline};
pub use panel::{Panel, SecondOpinion, nearest, vote};
pub use record::{EvidenceOutside, ScorecardRecord};
pub use scorecard::{EngineName, EngineStamp, Flag, Scorecard, ScoredPitfall, ScoredPoint, UNSURE_BELOW};
pub use segment::{Sentences, sentences_in};
pub use spoken::{FILLERS_NOTE, LEAST_PAUSE, Pauses, Seconds, Spoken, SpokenDelivery, UnfitSpoken};
