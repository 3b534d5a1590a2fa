//! The question bank: the built-in one is in order, and faults in a folder are all found at once.

use greenroom::bank::{self, Bank};
use greenroom::config::BankSource;

#[test]
fn the_built_in_bank_lints_clean_and_holds_eight_questions_a_category() {
    let report = bank::lint(&BankSource::Builtin).unwrap();
    assert_eq!(report.findings, []);
    let bank = Bank::builtin().unwrap();
    for category in greenroom::question::Category::ALL {
        assert!(bank.questions().filter(|question| question.category() == *category).count() >= 8, "{category}");
    }
}
