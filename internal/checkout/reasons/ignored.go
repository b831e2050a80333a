package reasons

import (
	"fmt"
	"path"
	"regexp"
	"strings"

	"github.com/fluxcd/pkg/sourceignore"
	"github.com/fluxcd/pkg/sourceignore/gitignore"

	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/tree"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
)

// ignored returns the pattern for which source-controller leaves a file out. The last one that matches counts; spec.ignore follows all
// .sourceignore files.
func (f *Finder) ignored(file string) (Reason, bool) {
	last := f.bySourceignore(file)
	for _, source := range f.applied {
		patterns := kinds.Text(source, "spec", "ignore")
		if source.GroupVersionKind().Group != kinds.FluxSource {
			continue
		}
		ref := manifest.RefOf(source)
		d := f.declared(ref)
		if d != nil {
			patterns = kinds.Text(d.Body, "spec", "ignore")
		}
		if m := lastMatch(patterns, file, "."); m.result != gitignore.NoMatch {
			last = m
			last.Text = fmt.Sprintf("the pattern %q in spec.ignore of %s", m.pattern, ref)
			if d != nil {
				last.Place = d.AtMatch("spec.ignore", regexp.MustCompile(`(?m)^\s*`+regexp.QuoteMeta(m.pattern)+`\s*$`))
			}
		}
		if last.result == gitignore.Exclude {
			return last.Reason, true
		}
	}
	if _, excluded := f.clone.Files.Excluded[file]; excluded && last.result == gitignore.NoMatch {
		return Reason{Text: "the default patterns of source-controller"}, true
	}
	return last.Reason, last.result == gitignore.Exclude
}

func (f *Finder) bySourceignore(file string) match {
	var last match
	all := map[string][]byte{}
	for _, of := range []map[string][]byte{f.clone.Files.Files, f.clone.Files.Excluded} {
		for name, text := range of {
			if path.Base(name) == sourceignore.IgnoreFile {
				all[name] = text
			}
		}
	}
	for _, name := range tree.Sorted(all) {
		if m := lastMatch(string(all[name]), file, path.Dir(name)); m.result != gitignore.NoMatch {
			last = m
			last.Reason = Reason{fmt.Sprintf("the pattern %q", m.pattern), manifest.Place{File: name, Line: m.line}}
		}
	}
	return last
}

// match is the last line of some patterns that matches a file.
type match struct {
	Reason
	result  gitignore.MatchResult
	pattern string
	line    int
}

func lastMatch(patterns, file, folder string) (last match) {
	var domain []string
	if folder != "." {
		domain = strings.Split(folder, "/")
	}
	for i, text := range strings.Split(patterns, "\n") {
		for _, p := range sourceignore.ReadPatterns(strings.NewReader(text), domain) {
			if result := p.Match(strings.Split(file, "/"), false); result != gitignore.NoMatch {
				last = match{result: result, pattern: strings.TrimSpace(text), line: i + 1}
			}
		}
	}
	return last
}
