//! Arrows point one way: what is pure stays pure, and nothing reaches back up.

use std::{fs, path::Path};

/// Every source file under the module, with its text.
fn sources(module: &str) -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    let mut folders = vec![root.join(module)];
    let single = root.join(format!("{module}.rs"));
    if single.exists() {
        found.push((format!("{module}.rs"), fs::read_to_string(single).unwrap()));
    }
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                found.push((
                    path.strip_prefix(&root).unwrap().display().to_string(),
                    fs::read_to_string(&path).unwrap(),
                ));
            }
        }
    }
    assert!(!found.is_empty(), "no source in {module}");
    found
}

fn assert_never_names(module: &str, forbidden: &[&str]) {
    for (file, text) in sources(module) {
        for name in forbidden {
            assert!(!text.contains(name), "{file} names {name}");
        }
    }
}

#[test]
fn the_pure_core_names_no_io_no_runtime_and_no_clock() {
    let impure = [
        "tokio",
        "sqlx",
        "axum",
        "async_openai",
        "reqwest",
        "std::fs",
        "std::env",
        "std::net",
        "std::process",
        "SystemTime",
        "Instant::now",
        "Timestamp::now",
        "Uuid::now",
        "fs::{",
        "env::{",
    ];
    for module in ["question", "scoring", "interview"] {
        assert_never_names(module, &impure);
    }
}

#[test]
fn no_module_reaches_back_up() {
    let order = [
        "question",
        "scoring",
        "interview",
        "config",
        "bank",
        "prompt",
        "llm",
        "speech",
        "store",
        "practice",
        "http",
        "cli",
    ];
    for (place, module) in order.iter().enumerate() {
        let above: Vec<String> = order[place + 1..].iter().map(|upper| format!("crate::{upper}::")).collect();
        assert_never_names(module, &above.iter().map(String::as_str).collect::<Vec<_>>());
    }
    assert_never_names("http", &["crate::cli"]);
}

#[test]
fn one_file_alone_names_the_vendor_of_the_model_client() {
    for module in
        ["question", "scoring", "interview", "config", "bank", "prompt", "speech", "store", "practice", "http", "cli"]
    {
        assert_never_names(module, &["async_openai"]);
    }
}

#[test]
fn only_the_configuration_reads_the_environment() {
    for module in ["question", "scoring", "interview", "bank", "prompt", "llm", "speech", "store", "practice", "http"] {
        assert_never_names(module, &["std::env", "env::var"]);
    }
}
