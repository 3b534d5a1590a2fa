//! The list of dependencies: each that Cargo.toml names has a line that says why it is here, and no line is left over.

use std::{collections::BTreeSet, fs, path::Path};

#[test]
fn every_direct_dependency_has_one_line_that_says_why_it_is_here() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let manifest: toml::Table = fs::read_to_string(root.join("Cargo.toml")).unwrap().parse().unwrap();
    let tables = ["dependencies", "dev-dependencies", "build-dependencies"];
    let named: BTreeSet<String> = tables
        .iter()
        .filter_map(|table| manifest.get(*table).and_then(toml::Value::as_table))
        .flat_map(|table| table.keys().cloned())
        .collect();

    let page = fs::read_to_string(root.join("docs/dependencies.md")).unwrap();
    let rows = page.lines().filter_map(|line| line.strip_prefix("| ")).filter(|row| !row.starts_with("crate "));
    let listed: Vec<&str> = rows.map(|row| row.split(' ').next().unwrap()).collect();
    let listed_once: BTreeSet<String> = listed.iter().map(|&name| name.to_owned()).collect();
    assert_eq!(listed.len(), listed_once.len(), "docs/dependencies.md lists a crate twice");

    let silent: Vec<&String> = named.difference(&listed_once).collect();
    let gone: Vec<&String> = listed_once.difference(&named).collect();
    assert!(silent.is_empty(), "say in docs/dependencies.md why these are here: {silent:?}");
    assert!(gone.is_empty(), "docs/dependencies.md lists what Cargo.toml no longer has: {gone:?}");
}
