//! How an answer was given aloud, in numbers alone: nothing of the recording is in here.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The longest recording or pause that is believed, in thousandths of a second: four hours.
const LONGEST: f64 = 14_400_000.0;

/// The most pauses that are kept of one answer.
const MOST_PAUSES: usize = 1_000;

/// A silence between two words counts as a pause from this length on.
pub const LEAST_PAUSE: Seconds = Seconds(1_000);

/// A length of time, exact to the thousandth of a second; on the wire it is a number of seconds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(try_from = "f64", into = "f64")]
#[schema(value_type = f64, minimum = 0, maximum = 14_400)]
pub struct Seconds(u32);

/// A length of time that no recording has.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[error("{0} is no length of a recording: give seconds from 0 to 14400")]
pub struct UnfitSeconds(f64);

impl TryFrom<f64> for Seconds {
    type Error = UnfitSeconds;

    fn try_from(seconds: f64) -> Result<Self, UnfitSeconds> {
        let thousandths = (seconds * 1_000.0).round();
        if !(0.0..=LONGEST).contains(&thousandths) {
            return Err(UnfitSeconds(seconds));
        }
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and LONGEST")]
        Ok(Self(thousandths as u32))
    }
}

impl From<Seconds> for f64 {
    fn from(seconds: Seconds) -> Self {
        Self::from(seconds.0) / 1_000.0
    }
}

impl Seconds {
    /// The time from `earlier` to `self`; none where it is not later.
    #[must_use]
    pub fn since(self, earlier: Self) -> Self {
        Self(self.0.saturating_sub(earlier.0))
    }

    fn plus(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }

    /// Words a minute, rounded; nothing for less than a second, which says nothing.
    fn pace(self, words: usize) -> Option<usize> {
        let (words, thousandths) = (u64::try_from(words).ok()?, u64::from(self.0));
        (thousandths >= 1_000).then(|| usize::try_from((words * 60_000 + thousandths / 2) / thousandths).ok()).flatten()
    }
}

/// What a candidate's browser tells of an answer that was spoken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(try_from = "Told")]
pub struct Spoken {
    /// How long the candidate spoke, all recordings of the answer together.
    seconds: Seconds,
    /// The pauses of a second or more between two words; null where the recogniser gave no times of words.
    #[schema(required, max_items = 1000)]
    pauses: Option<Vec<Seconds>>,
}

/// As it comes, before it is checked.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Told {
    seconds: Seconds,
    #[serde(default)]
    pauses: Option<Vec<Seconds>>,
}

/// Numbers that no spoken answer has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UnfitSpoken {
    #[error("the answer was spoken in no time: leave `spoken` out where it was typed")]
    NoTime,
    #[error("there are more than {MOST_PAUSES} pauses: leave the shortest out")]
    TooManyPauses,
    #[error("the pauses are longer than the whole answer: measure them again or give null")]
    LongerThanAnswer,
}

impl TryFrom<Told> for Spoken {
    type Error = UnfitSpoken;

    fn try_from(told: Told) -> Result<Self, UnfitSpoken> {
        Self::new(told.seconds, told.pauses)
    }
}

impl Spoken {
    pub fn new(seconds: Seconds, pauses: Option<Vec<Seconds>>) -> Result<Self, UnfitSpoken> {
        let silence = pauses.iter().flatten().fold(Seconds::default(), |sum, pause| sum.plus(*pause));
        if seconds == Seconds::default() {
            Err(UnfitSpoken::NoTime)
        } else if pauses.as_ref().is_some_and(|pauses| pauses.len() > MOST_PAUSES) {
            Err(UnfitSpoken::TooManyPauses)
        } else if silence > seconds {
            Err(UnfitSpoken::LongerThanAnswer)
        } else {
            Ok(Self { seconds, pauses })
        }
    }

    pub fn seconds(&self) -> Seconds {
        self.seconds
    }

    pub fn pauses(&self) -> Option<&[Seconds]> {
        self.pauses.as_deref()
    }
}

/// What goes with every count of fillers in words that a recogniser wrote down.
pub const FILLERS_NOTE: &str = "recognisers often drop fillers, so there may have been more";

/// How the spoken answers of an exchange were delivered, together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct SpokenDelivery {
    /// How many answers of the exchange were spoken; the others were typed.
    pub answers: usize,
    pub seconds: Seconds,
    /// Words of the answers as they were submitted, over the time they took to say.
    #[schema(required)]
    pub words_per_minute: Option<usize>,
    /// Null where the times of words are not known for every spoken answer.
    #[schema(required)]
    pub pauses: Option<Pauses>,
}

/// Silences of a second or more between two words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Pauses {
    pub count: usize,
    pub longest: Seconds,
    pub together: Seconds,
}

impl SpokenDelivery {
    /// Of the spoken answers, each with its number of words; nothing where all were typed.
    pub fn of<'a>(spoken: impl Iterator<Item = (&'a Spoken, usize)>) -> Option<Self> {
        let (mut answers, mut words, mut seconds) = (0, 0, Seconds::default());
        let mut pauses = Some(Pauses { count: 0, longest: Seconds::default(), together: Seconds::default() });
        for (one, said) in spoken {
            answers += 1;
            words += said;
            seconds = seconds.plus(one.seconds);
            pauses = pauses.zip(one.pauses()).map(|(so_far, more)| Pauses {
                count: so_far.count + more.len(),
                longest: more.iter().copied().fold(so_far.longest, Ord::max),
                together: more.iter().fold(so_far.together, |sum, pause| sum.plus(*pause)),
            });
        }
        (answers > 0).then(|| Self { answers, seconds, words_per_minute: seconds.pace(words), pauses })
    }
}

impl fmt::Display for Seconds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tenths = (self.0 + 50) / 100;
        match (tenths / 600, tenths % 600) {
            (0, rest) if rest < 100 => write!(f, "{}.{} s", rest / 10, rest % 10),
            (0, rest) => write!(f, "{} s", (rest + 5) / 10),
            (minutes, rest) => write!(f, "{minutes} min {} s", rest / 10),
        }
    }
}

impl fmt::Display for SpokenDelivery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "spoken in {}", self.seconds)?;
        if let Some(pace) = self.words_per_minute {
            write!(f, ", {pace} words a minute")?;
        }
        match self.pauses {
            None => f.write_str(", pauses not measured"),
            Some(Pauses { count: 0, .. }) => f.write_str(", no pause of a second or more"),
            Some(Pauses { count: 1, longest, .. }) => write!(f, ", one pause of {longest}"),
            Some(Pauses { count, longest, .. }) => {
                write!(f, ", {count} pauses of a second or more, the longest {longest}")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(value: f64) -> Seconds {
        Seconds::try_from(value).unwrap()
    }

    #[test]
    fn times_that_no_recording_has_are_refused() {
        for odd in [-0.1, f64::NAN, f64::INFINITY, 14_401.0] {
            assert!(Seconds::try_from(odd).is_err(), "{odd}");
        }
        assert_eq!(serde_json::to_string(&seconds(1.2344)).unwrap(), "1.234");
        let told = |text: &str| serde_json::from_str::<Spoken>(text).map_err(|error| error.to_string());
        assert!(told(r#"{"seconds": 12.5}"#).is_ok());
        assert!(told(r#"{"seconds": 0}"#).unwrap_err().contains("no time"));
        assert!(told(r#"{"seconds": 3, "pauses": [2, 2]}"#).unwrap_err().contains("longer than the whole"));
        assert!(told(r#"{"seconds": 3, "loudness": 2}"#).is_err());
    }

    #[test]
    fn a_spoken_answer_is_told_in_plain_words() {
        let told = |length: f64, pauses: Option<&[f64]>| {
            let pauses = pauses.map(|pauses| pauses.iter().map(|pause| seconds(*pause)).collect());
            let spoken = Spoken::new(seconds(length), pauses).unwrap();
            SpokenDelivery::of([(&spoken, 150)].into_iter()).unwrap().to_string()
        };
        assert_eq!(told(59.96, None), "spoken in 1 min 0 s, 150 words a minute, pauses not measured");
        assert_eq!(told(45.4, Some(&[])), "spoken in 45 s, 198 words a minute, no pause of a second or more");
        assert_eq!(told(125.0, Some(&[1.25])), "spoken in 2 min 5 s, 72 words a minute, one pause of 1.3 s");
        assert!(told(90.0, Some(&[1.0, 3.04])).ends_with("2 pauses of a second or more, the longest 3.0 s"));
    }

    #[test]
    fn pace_counts_spoken_answers_alone_and_pauses_need_times_of_every_one() {
        let timed = Spoken::new(seconds(30.0), Some(vec![seconds(1.5), seconds(2.25)])).unwrap();
        let plain = Spoken::new(seconds(15.0), None).unwrap();
        let one = SpokenDelivery::of([(&timed, 70)].into_iter()).unwrap();
        assert_eq!((one.answers, one.words_per_minute), (1, Some(140)));
        let pauses = one.pauses.unwrap();
        assert_eq!((pauses.count, pauses.longest, pauses.together), (2, seconds(2.25), seconds(3.75)));
        let both = SpokenDelivery::of([(&timed, 70), (&plain, 20)].into_iter()).unwrap();
        assert_eq!((both.answers, both.words_per_minute, both.pauses), (2, Some(120), None));
        assert_eq!(SpokenDelivery::of(std::iter::empty()), None);
    }
}
