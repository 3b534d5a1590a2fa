//! Finds the known name that somebody probably meant.

/// The candidate with the fewest differing letters, if few enough differ for it to be a likely slip.
///
/// Swapping two neighbouring letters counts as one difference. Of equally near candidates the first wins.
pub fn nearest<'a>(given: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let letters = given.chars().count();
    let most = if letters < 3 { letters / 2 } else { letters / 3 };
    candidates
        .into_iter()
        // A longer word differs by more letters than it has too many; no need to compare them.
        .filter(|candidate| candidate.chars().count().abs_diff(letters) <= most)
        .map(|candidate| (strsim::osa_distance(given, candidate), candidate))
        .filter(|&(distance, _)| distance <= most)
        .min_by_key(|&(distance, _)| distance)
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_finds_the_name_that_was_meant_and_another_word_finds_none() {
        let known = ["weight", "text", "cues", "strong"];
        assert_eq!(nearest("wieght", known), Some("weight"));
        assert_eq!(nearest("txt", known), Some("text"));
        assert_eq!(nearest("stronger", known), Some("strong"));
        assert_eq!(nearest("owner", known), None);
        assert_eq!(nearest("", known), None);
    }
}
