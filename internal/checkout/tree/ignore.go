package tree

import (
	"bytes"
	"cmp"
	"path"
	"slices"
	"strings"

	"github.com/fluxcd/pkg/sourceignore"
	"github.com/fluxcd/pkg/sourceignore/gitignore"
)

// ignore removes the files that .sourceignore files and the defaults exclude.
func (t *Tree) ignore() {
	t.Submodules = submodules(t.Files[".gitmodules"])
	t.patterns, t.Excluded = t.ignorePatterns(), map[string][]byte{}
	for name := range excluded(t.Files, t.patterns) {
		t.Excluded[name] = t.Files[name]
		delete(t.Files, name)
	}
	t.index()
}

func (t *Tree) ignorePatterns() []gitignore.Pattern {
	var patterns []gitignore.Pattern
	for _, name := range Sorted(t.Files) {
		if path.Base(name) == sourceignore.IgnoreFile {
			patterns = append(patterns, sourceignore.ReadPatterns(bytes.NewReader(t.Files[name]), segments(path.Dir(name)))...)
		}
	}
	return patterns
}

// IsGitIgnored reports whether git ignores a file that is not in the checkout, by the .gitignore files of the checkout.
func (t *Tree) IsGitIgnored(name string) bool {
	var patterns []gitignore.Pattern
	for _, files := range []map[string][]byte{t.Files, t.Excluded} {
		for _, file := range Sorted(files) {
			if path.Base(file) == ".gitignore" {
				patterns = append(patterns, sourceignore.ReadPatterns(bytes.NewReader(files[file]), segments(path.Dir(file)))...)
			}
		}
	}
	return gitignore.NewMatcher(patterns).Match(segments(name), false)
}

// Ignore decides which files a source leaves out of its artifact.
type Ignore struct {
	Patterns string // spec.ignore, in the format of .gitignore
	// IsBucket means that there are no defaults, and that only the .sourceignore in the root of the source counts (source-controller v1.9.3
	// internal/controller/bucket_controller.go: fetchEtagIndex; reconcileArtifact archives without a filter).
	IsBucket bool
	Root     string // the folder that is pushed to the bucket
}

// Compare orders them by all their fields.
func (i Ignore) Compare(other Ignore) int {
	return cmp.Or(strings.Compare(i.Patterns, other.Patterns), strings.Compare(i.Root, other.Root))
}

// Include adds the files that a source includes, although .sourceignore files or the defaults exclude them. It returns their names.
func (t *Tree) Include(ignore Ignore) []string {
	if ignore.Patterns == "" && !ignore.IsBucket {
		return nil
	}
	out := t.excludedBy(ignore, t.Excluded)
	var names []string
	for _, name := range Sorted(t.Excluded) {
		if !out[name] {
			names = append(names, name)
		}
	}
	if len(names) > 0 && t.included == nil {
		t.included = map[string]bool{}
	}
	for _, name := range names {
		t.Files[name], t.included[name] = t.Excluded[name], true
		delete(t.Excluded, name)
	}
	t.index()
	return names
}

// ExcludedBy returns the files that a source leaves out; nil for none.
func (t *Tree) ExcludedBy(ignore Ignore) map[string]bool {
	if ignore.Patterns == "" && !ignore.IsBucket {
		return t.included
	}
	return t.excludedBy(ignore, t.Files)
}

// excludedBy returns those of some files that a source leaves out.
func (t *Tree) excludedBy(ignore Ignore, files map[string][]byte) map[string]bool {
	if !ignore.IsBucket { // spec.ignore has precedence
		return excluded(files, slices.Concat(t.patterns, sourceignore.ReadPatterns(strings.NewReader(ignore.Patterns), nil)))
	}
	root := segments(ignore.Root)
	patterns := sourceignore.ReadPatterns(bytes.NewReader(t.file(path.Join(ignore.Root, sourceignore.IgnoreFile))), root)
	return matching(files, append(patterns, sourceignore.ReadPatterns(strings.NewReader(ignore.Patterns), root)...))
}

// file returns the text of a file, whether it is in the artifact or not.
func (t *Tree) file(name string) []byte {
	if text, ok := t.Files[name]; ok {
		return text
	}
	return t.Excluded[name]
}

// excluded matches each file as source-controller does: the defaults apply only without other patterns, be they in .sourceignore or in
// spec.ignore (source-controller v1.9.1 internal/controller/gitrepository_controller.go and ocirepository_controller.go,
// reconcileArtifact). A pattern such as !/apps/prod includes what is below an excluded folder (fluxcd/pkg artifact v0.20.0
// storage/archive.go: SourceIgnoreFilter, and Archive, which skips no folder as a whole).
func excluded(files map[string][]byte, patterns []gitignore.Pattern) map[string]bool {
	if len(patterns) == 0 {
		return excludedWithoutPatterns(files)
	}
	return matching(files, append(sourceignore.VCSPatterns(nil), patterns...))
}

func matching(files map[string][]byte, patterns []gitignore.Pattern) map[string]bool {
	matcher := sourceignore.NewMatcher(patterns)
	found := map[string]bool{}
	for name := range files {
		if matcher.Match(segments(name), false) {
			found[name] = true
		}
	}
	return found
}

func excludedWithoutPatterns(files map[string][]byte) map[string]bool {
	matcher := sourceignore.NewDefaultMatcher(nil, nil)
	folders := map[string]bool{".": false}
	var ignored func(folder string) bool
	ignored = func(folder string) bool {
		if _, known := folders[folder]; !known {
			folders[folder] = ignored(path.Dir(folder)) || matcher.Match(segments(folder), true)
		}
		return folders[folder]
	}
	matches := excludedByDefault(matcher)
	found := map[string]bool{}
	for name := range files {
		if ignored(path.Dir(name)) || matches(name) {
			found[name] = true
		}
	}
	return found
}

// excludedByDefault matches each name of a file once, for files in folders that are not excluded. The default patterns match names in any
// folder, and no paths (fluxcd/pkg sourceignore/sourceignore.go).
func excludedByDefault(matcher gitignore.Matcher) func(name string) bool {
	known := map[string]bool{}
	return func(name string) bool {
		base := path.Base(name)
		excluded, ok := known[base]
		if !ok {
			excluded = matcher.Match([]string{base}, false)
			known[base] = excluded
		}
		return excluded
	}
}
