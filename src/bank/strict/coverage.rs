//! How the questions spread over categories, levels and kinds.

use std::{
    collections::BTreeMap,
    fmt::{self, Write as _},
};

use crate::{
    bank::Finding,
    question::{Category, Kind, Level, Question},
};

/// How many questions a category has at least, so that no two interviews need to be alike.
const A_CATEGORY: usize = 20;
/// How many it has at least of each level.
const A_LEVEL: usize = 3;

/// How many questions there are of each category, level and kind.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Coverage {
    cells: BTreeMap<(Category, Level, Kind), usize>,
}

impl Coverage {
    pub fn of<'a>(questions: impl IntoIterator<Item = &'a Question>) -> Self {
        let mut cells = BTreeMap::new();
        for question in questions {
            *cells.entry((question.category(), question.level, question.kind)).or_default() += 1;
        }
        Self { cells }
    }

    fn count(&self, category: Option<Category>, level: Option<Level>, kind: Option<Kind>) -> usize {
        let fits = |cell: &(Category, Level, Kind)| {
            category.is_none_or(|wanted| wanted == cell.0)
                && level.is_none_or(|wanted| wanted == cell.1)
                && kind.is_none_or(|wanted| wanted == cell.2)
        };
        self.cells.iter().filter(|(cell, _)| fits(cell)).map(|(_, count)| count).sum()
    }

    /// One finding for each category that has too few questions, in all or of a level.
    pub(super) fn check(&self, root: &str, findings: &mut Vec<Finding>) {
        for &category in Category::ALL {
            let all = self.count(Some(category), None, None);
            let mut lacking = Vec::new();
            if all < A_CATEGORY {
                lacking.push(format!("{all} in all where {A_CATEGORY} are wanted"));
            }
            for &level in Level::ALL {
                let found = self.count(Some(category), Some(level), None);
                if found < A_LEVEL {
                    lacking.push(format!("{found} of level {level} where {A_LEVEL} are wanted"));
                }
            }
            if !lacking.is_empty() {
                let mend = "write more, or lint it together with the built-in bank: `--bank builtin --bank DIR`";
                findings.push(Finding::of_file(&format!("{root}/{category}"), "coverage", lacking.join(", "), mend));
            }
        }
    }
}

/// A row for each category and level, a column for each kind, with sums.
impl fmt::Display for Coverage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let row = |f: &mut fmt::Formatter<'_>, head: [&str; 2], category, level| {
            let mut line = format!("{:<15}  {:<9}", head[0], head[1]);
            for &kind in Kind::ALL {
                let width = kind.as_str().len();
                match self.count(category, level, Some(kind)) {
                    0 => write!(line, "  {:>width$}", "·")?,
                    count => write!(line, "  {count:>width$}")?,
                }
            }
            writeln!(f, "{line}  {:>3}", self.count(category, level, None))
        };
        write!(f, "{:<15}  {:<9}", "category", "level")?;
        for kind in Kind::ALL {
            write!(f, "  {kind}")?;
        }
        writeln!(f, "  all")?;
        for &category in Category::ALL {
            for &level in Level::ALL {
                row(f, [category.as_str(), level.as_str()], Some(category), Some(level))?;
            }
            row(f, [category.as_str(), "all"], Some(category), None)?;
        }
        row(f, ["all", "all"], None, None)
    }
}
