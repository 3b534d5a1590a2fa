//! Finds the known name that somebody probably meant.

/// The candidate with the fewest differing letters, if few enough differ for it to be a likely slip.
///
/// Swapping two neighbouring letters counts as one difference. Of equally near candidates the first wins.
pub fn nearest<'a>(given: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let given: Vec<char> = given.chars().take(LONGEST).collect();
    let most = (given.len() / 3).max(1);
    candidates
        .into_iter()
        .map(|candidate| (distance(&given, &candidate.chars().collect::<Vec<_>>()), candidate))
        .filter(|&(distance, _)| distance <= most)
        .min_by_key(|&(distance, _)| distance)
        .map(|(_, candidate)| candidate)
}

/// No name is longer than this; what follows cannot help to find it.
const LONGEST: usize = 120;

/// Edits between two words, counting insertions, deletions, replacements and swaps of neighbours.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let replaced = last[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut least = replaced.min(last[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                least = least.min(before[j - 2] + 1);
            }
            row.push(least);
        }
        before = std::mem::replace(&mut last, row);
    }
    last[b.len()]
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
