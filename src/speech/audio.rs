//! What a sound is, told by its first bytes and never by what somebody calls it.

use bytes::Bytes;

use crate::scoring::Seconds;

/// The largest recording that is taken in, in bytes.
pub const MOST_BYTES: usize = 25 * 1024 * 1024;

/// A container or coding of sound that endpoints take and browsers play.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    WebM,
    Ogg,
    Mp4,
    Wav,
    Mp3,
    Flac,
    Aac,
}

impl Format {
    /// The format that these bytes begin like; nothing where it is none of ours.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [0x1a, 0x45, 0xdf, 0xa3, ..] => Some(Self::WebM),
            [b'O', b'g', b'g', b'S', ..] => Some(Self::Ogg),
            [_, _, _, _, b'f', b't', b'y', b'p', ..] => Some(Self::Mp4),
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'A', b'V', b'E', ..] => Some(Self::Wav),
            [b'f', b'L', b'a', b'C', ..] => Some(Self::Flac),
            [b'I', b'D', b'3', ..] => Some(Self::Mp3),
            // Both begin with 11 or 12 set bits; the two bits of the layer are zero in AAC alone.
            [0xff, second, ..] if second & 0xf6 == 0xf0 => Some(Self::Aac),
            [0xff, second, ..] if second & 0xe0 == 0xe0 && second & 0x06 != 0 => Some(Self::Mp3),
            _ => None,
        }
    }

    pub const fn media_type(self) -> &'static str {
        match self {
            Self::WebM => "audio/webm",
            Self::Ogg => "audio/ogg",
            Self::Mp4 => "audio/mp4",
            Self::Wav => "audio/wav",
            Self::Mp3 => "audio/mpeg",
            Self::Flac => "audio/flac",
            Self::Aac => "audio/aac",
        }
    }

    /// A name by which endpoints tell the format: many look at the ending alone.
    pub(super) const fn file_name(self) -> &'static str {
        match self {
            Self::WebM => "answer.webm",
            Self::Ogg => "answer.ogg",
            Self::Mp4 => "answer.m4a",
            Self::Wav => "answer.wav",
            Self::Mp3 => "answer.mp3",
            Self::Flac => "answer.flac",
            Self::Aac => "answer.aac",
        }
    }
}

/// A sound whose format is known.
#[derive(Debug, Clone)]
pub struct Audio {
    pub format: Format,
    pub bytes: Bytes,
}

impl Audio {
    /// Nothing where the bytes are no sound of a known format.
    pub fn of(bytes: Bytes) -> Option<Self> {
        Some(Self { format: Format::of(&bytes)?, bytes })
    }

    /// How long it lasts, where its own header tells that plainly.
    pub(super) fn seconds(&self) -> Option<Seconds> {
        match self.format {
            Format::Wav => wav_seconds(&self.bytes),
            Format::WebM | Format::Ogg | Format::Mp4 | Format::Mp3 | Format::Flac | Format::Aac => None,
        }
    }
}

/// Reads the chunks of a WAV file up to the one that holds the sound. A recorder that did not know the length
/// when it began writes one that passes the end: then what is there counts.
fn wav_seconds(bytes: &[u8]) -> Option<Seconds> {
    let number = |at: usize| Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?));
    let mut at = 12;
    let mut bytes_a_second = None;
    loop {
        let (name, length) = (bytes.get(at..at + 4)?, usize::try_from(number(at + 4)?).ok()?);
        if name == b"fmt " {
            bytes_a_second = number(at + 16);
        } else if name == b"data" {
            let sound = u32::try_from(length.min(bytes.len() - at - 8)).ok()?;
            let rate = bytes_a_second.filter(|rate| *rate > 0)?;
            return Seconds::try_from(f64::from(sound) / f64::from(rate)).ok();
        }
        at = at.checked_add(8)?.checked_add(length)?.checked_add(length % 2)?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wav(declared: u32, samples: usize) -> Vec<u8> {
        let mut bytes = b"RIFF\0\0\0\0WAVEfmt ".to_vec();
        bytes.extend(16_u32.to_le_bytes());
        bytes.extend([1, 0, 1, 0]);
        bytes.extend(8_000_u32.to_le_bytes());
        bytes.extend(16_000_u32.to_le_bytes());
        bytes.extend([2, 0, 16, 0]);
        bytes.extend(b"LIST\x03\0\0\0abc\0data");
        bytes.extend(declared.to_le_bytes());
        bytes.resize(bytes.len() + 2 * samples, 0);
        bytes
    }

    #[test]
    fn a_sound_is_known_by_its_first_bytes() {
        for (bytes, format) in [
            (&b"\x1a\x45\xdf\xa3\x9f"[..], Some(Format::WebM)),
            (b"OggS\0", Some(Format::Ogg)),
            (b"\0\0\0\x20ftypM4A ", Some(Format::Mp4)),
            (b"RIFF\0\0\0\0WAVEfmt ", Some(Format::Wav)),
            (b"RIFF\0\0\0\0AVI ", None),
            (b"ID3\x04", Some(Format::Mp3)),
            (b"\xff\xfb\x90", Some(Format::Mp3)),
            (b"\xff\xf1\x50", Some(Format::Aac)),
            (b"fLaC", Some(Format::Flac)),
            (b"{\"error\"", None),
            (b"<html>", None),
            (b"\xff", None),
            (b"", None),
        ] {
            assert_eq!(Format::of(bytes), format, "{bytes:?}");
        }
    }

    #[test]
    fn a_wav_tells_how_long_it_lasts_even_where_its_length_is_a_guess() {
        let seconds = |bytes: Vec<u8>| Audio::of(bytes.into()).unwrap().seconds().map(f64::from);
        assert_eq!(seconds(wav(24_000, 12_000)), Some(1.5));
        assert_eq!(seconds(wav(u32::MAX, 12_000)), Some(1.5));
        assert_eq!(seconds(wav(0, 0)[..40].to_vec()), None);
    }
}
