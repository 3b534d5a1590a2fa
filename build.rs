//! Tells Cargo which folders are built into the program, so that a file added to one of them is noticed.

use std::path::Path;

fn main() {
    // A folder that is named here but does not exist would make Cargo build anew every time.
    for folder in ["migrations", "prompts", "question_bank", "web/static", "web/templates"] {
        if Path::new(folder).exists() {
            println!("cargo:rerun-if-changed={folder}");
        }
    }
    println!("cargo:rerun-if-changed=build.rs");
}
