package suppress

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"

	"github.com/kubectl-choreo/kubectl-choreo/internal/strictyaml"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/lint"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

const baselineKind = "LintBaseline"

// Baseline lists the findings that a repository has and that do not count. Lines are not part of it, because they change with every
// edit of a file.
type Baseline struct {
	entries []entry
	lines   []int // of the entries in the file
	file    string
}

// entry is one finding, or several that differ in their lines alone.
type entry struct {
	Code    string `json:"code" yaml:"code"`
	File    string `json:"file,omitempty" yaml:"file"`
	Object  string `json:"object,omitempty" yaml:"object"`
	Message string `json:"message" yaml:"message"`
	Count   int    `json:"count,omitempty" yaml:"count"` // 0 means 1
}

type baselineDocument struct {
	APIVersion string  `json:"apiVersion" yaml:"apiVersion"`
	Kind       string  `json:"kind" yaml:"kind"`
	Findings   []entry `json:"findings" yaml:"findings"`
}

// ParseBaseline reads the text of a baseline. file is its path from the root of the repository, or "" if it is elsewhere.
func ParseBaseline(name, file string, text []byte) (*Baseline, error) {
	var d baselineDocument
	found, err := strictyaml.Decode(text, &d)
	if err == nil && (!found || d.APIVersion != apiVersion || d.Kind != baselineKind) {
		err = fmt.Errorf("it is no %s of %s", baselineKind, apiVersion)
	}
	if err != nil {
		return nil, fmt.Errorf("read the baseline %s: %w; write it with --update-baseline", name, err)
	}
	b := &Baseline{entries: d.Findings, file: file}
	for i, e := range d.Findings {
		b.lines = append(b.lines, strictyaml.Line(text, "findings", i))
		if e.Count < 0 {
			return nil, fmt.Errorf("read the baseline %s: line %d: negative count", name, b.lines[i])
		}
	}
	return b, nil
}

// NewBaseline returns the baseline of findings. Information never counts, so it is not part of it, and a suppression without effect is
// not suppressed, nor that a cluster was not checked.
func NewBaseline(found []lint.Finding) *Baseline {
	counts := map[entry]int{}
	for _, f := range found {
		if f.Severity != trace.Info && f.Code != trace.CodeSuppressionUnused && !isAboutAccess(f.Code) {
			counts[entryOf(f)]++
		}
	}
	b := &Baseline{entries: []entry{}}
	for e, n := range counts {
		if n > 1 {
			e.Count = n
		}
		b.entries = append(b.entries, e)
	}
	slices.SortFunc(b.entries, func(x, y entry) int {
		return cmp.Or(cmp.Compare(x.File, y.File), cmp.Compare(x.Code, y.Code), cmp.Compare(x.Object, y.Object), cmp.Compare(x.Message, y.Message))
	})
	return b
}

// Len is the number of findings in a baseline.
func (b *Baseline) Len() int {
	n := 0
	for _, e := range b.entries {
		n += max(e.Count, 1)
	}
	return n
}

// Bytes is the text of a baseline. It is JSON, because kustomize-controller reads every YAML file below its path.
func (b *Baseline) Bytes() ([]byte, error) {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(baselineDocument{apiVersion, baselineKind, b.entries}); err != nil {
		return nil, fmt.Errorf("encode the baseline: %w", err)
	}
	return out.Bytes(), nil
}

// quotedValue is a value of the repository in a message, which may be a secret: Invalid value: "x", or a value in backquotes.
var quotedValue = regexp.MustCompile("(?s)(Invalid value|Unsupported value|Duplicate value): (\"(?:[^\"\\\\]|\\\\.)*\"|[^:]*)|`[^`]*`")

// entryOf returns the key of a finding.
func entryOf(f lint.Finding) entry {
	message := quotedValue.ReplaceAllString(lint.Redact(lint.Timeless(f.Message)), "$1")
	object := ""
	if f.Object.Name != "" {
		object = f.Object.String()
	}
	return entry{Code: string(f.Code), File: f.File, Object: object, Message: message}
}

// remaining counts which findings of a baseline were not found again.
type remaining struct {
	*Baseline
	left map[entry]int
}

func (b *Baseline) begin() *remaining {
	if b == nil {
		b = &Baseline{}
	}
	r := &remaining{b, map[entry]int{}}
	for _, e := range b.entries {
		n := max(e.Count, 1)
		e.Count = 0
		r.left[e] += n
	}
	return r
}

// suppress reports whether a finding is in the baseline. Each finding of a baseline suppresses one.
func (r *remaining) suppress(f lint.Finding) bool {
	e := entryOf(f)
	if r.left[e] == 0 || f.Severity == trace.Info {
		return false
	}
	r.left[e]--
	return true
}

// unused are the entries that were found less often than the baseline reports.
func (r *remaining) unused(checked func(code string) bool) []lint.Finding {
	var found []lint.Finding
	for i, e := range r.entries {
		e.Count = 0
		n := r.left[e]
		if r.left[e] = 0; n == 0 || !checked(e.Code) {
			continue
		}
		f := lint.Unused(fmt.Sprintf("the baseline has %s in %s, which is not found any more", e.Code, cmp.Or(e.File, e.Object)))
		f.Hint = "write the baseline again with --update-baseline"
		place := manifest.Place{}
		if r.file != "" {
			place = manifest.Place{File: r.file, Line: r.lines[i]}
		}
		found = append(found, lint.Finding{Finding: f, File: place.File, Line: place.Line})
	}
	return found
}
