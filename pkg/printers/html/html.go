package html

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/internal/command"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/escape"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/style"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

//go:embed page.html
var htmlTemplate string

//go:embed page.css
var htmlStyle string

// html is the ladder as one page that needs nothing else, and that may do nothing: it has no script, and its policy allows its
// own style and nothing more.
type html struct {
	options style.Options
}

// htmlPage is all that the template knows. Its texts are escaped as for a terminal; html/template escapes them for where they
// stand.
type htmlPage struct {
	Policy           string
	Style            template.CSS
	Component        string
	Call             string // what made the page
	Where            string
	Wanted           string
	Verdict          htmlLook
	Behind           bool
	TakenAt          htmlTime
	Answer           htmlAnswer
	Trunk            htmlBranch
	Branches         []htmlBranch
	Moments          []htmlMoment
	Timeless, Masked []string
}

// htmlLook is how a state looks: a class for the colour, a mark and a word, so that no one of them is needed for the others.
type htmlLook struct{ Class, Mark, Word string }

type htmlTime struct{ Machine, Human, Age string }

// htmlBranch is the shared rungs, or those of an environment. One without anything to look at is folded to a line.
type htmlBranch struct {
	ID, Name, Word, Line string
	Look                 *htmlLook // nil for the shared rungs, which have no verdict of their own
	Open                 bool
	Rungs                []htmlRung
	Addresses            []string
}

// Write writes a trace as a page.
func Write(w io.Writer, t *trace.Trace, o style.Options) error {
	p := html{options: o}
	page, err := template.New("page").Funcs(template.FuncMap{"words": words}).Parse(htmlTemplate)
	if err != nil {
		return fmt.Errorf("read the template of the page: %w", err)
	}
	var out bytes.Buffer
	if err := page.Execute(&out, p.page(t)); err != nil {
		return fmt.Errorf("make the page: %w", err)
	}
	if _, err := w.Write(out.Bytes()); err != nil {
		return fmt.Errorf("write html: %w", err)
	}
	return nil
}

func (p html) page(t *trace.Trace) htmlPage {
	digest := sha256.Sum256([]byte(htmlStyle))
	page := htmlPage{
		Policy:    "default-src 'none'; base-uri 'none'; form-action 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(digest[:]) + "'",
		Style:     template.CSS(htmlStyle), //nolint:gosec // our own file
		Component: escape.Line(t.Subject.Component), Call: p.options.NameProgram(cmp.Or(command.Format("kubectl choreo trace %s -o html", t.Subject.Component), "kubectl choreo trace -o html")), Where: where(t.Subject), Wanted: wanted(t.Wanted),
		Verdict: lookOfVerdict(t.Verdict), Behind: t.Current == trace.Behind, TakenAt: p.time(t.TakenAt),
		Answer: p.answer(t), Trunk: p.trunk(t),
	}
	for i, e := range t.Environments {
		page.Branches = append(page.Branches, p.branch(t, i, e))
	}
	page.Moments, page.Timeless = p.moments(t)
	if p.options.Snapshot != nil {
		page.Masked = escapedAll(p.options.Snapshot.Masked)
	}
	return page
}

func (p html) trunk(t *trace.Trace) htmlBranch {
	trunk := htmlBranch{ID: "all", Name: "All environments", Open: !isQuiet(t.Rungs, false), Rungs: p.rungs("", t.Rungs, t.Failing, "")}
	var names []string
	for _, r := range trunk.Rungs {
		names = append(names, strings.TrimRight(r.Name+" "+r.Chain, " "))
	}
	trunk.Line = strings.Join(names, ", ")
	return trunk
}

func (p html) branch(t *trace.Trace, i int, e trace.Environment) htmlBranch {
	id, look := branchID(i), lookOfVerdict(e.Verdict)
	branch := htmlBranch{
		ID: id + "name", Name: escape.Line(e.Name), Word: style.VerdictWord(e), Look: &look, Open: e.Failing != nil || !isQuiet(e.Rungs, t.Failing != nil),
		Rungs: p.rungs(id, e.Rungs, t.Failing, e.Name),
	}
	line := []string{escape.Line(e.Release)}
	for _, r := range branch.Rungs {
		if r.Name == string(trace.RungPod) {
			line = append(line, r.Summary)
		}
		branch.Addresses = append(branch.Addresses, r.Addresses...)
	}
	branch.Line = strings.Join(slices.DeleteFunc(line, func(part string) bool { return part == "" }), ", ")
	return branch
}

// isQuiet reports whether there is nothing to look at: all rungs are OK or suspended, were read, and have no warning. Rungs that are behind
// count if nothing failed: else that is why, and the branch has the word.
func isQuiet(rungs []trace.Rung, hasFailed bool) bool {
	return !slices.ContainsFunc(rungs, func(r trace.Rung) bool {
		return r.State != trace.OK && r.State != trace.Suspended || r.Reported || !hasFailed && r.Current == trace.Behind || count(r, trace.Info) < len(r.Findings)
	})
}

func count(r trace.Rung, severity trace.Severity) int {
	n := 0
	for _, f := range r.Findings {
		if f.Severity == severity {
			n++
		}
	}
	return n
}

// branchID begins the anchors of an environment's rungs; its name is a cluster's.
func branchID(i int) string { return fmt.Sprintf("e%d-", i) }

func where(s facts.Subject) string {
	if s.Project == "" {
		return "namespace " + escape.Line(s.Namespace)
	}
	return "project " + escape.Line(s.Project) + ", namespace " + escape.Line(s.Namespace)
}

func wanted(w trace.Wanted) string {
	if w.Revision == "" {
		return "unknown"
	}
	text := fmt.Sprintf("%s (%s)", style.Revision(w.Revision, true), style.Origin(w.From))
	if w.Subject != "" {
		text += " " + escape.Line(w.Subject)
	}
	return text
}

func lookOfRung(r trace.Rung) htmlLook {
	look := lookOf(r.State)
	look.Mark, look.Word = style.OfRung(r).Mark, style.RungWord(r)
	return look
}

func lookOf(s trace.State) htmlLook {
	word := strings.ToLower(s.String())
	return htmlLook{Class: word, Mark: style.Of(s).Mark, Word: word}
}

func lookOfVerdict(v trace.Verdict) htmlLook {
	look := lookOf(v.State())
	look.Word = strings.ToLower(v.String())
	return look
}

func (p html) time(t time.Time) htmlTime {
	if t.IsZero() {
		return htmlTime{}
	}
	utc := t.UTC()
	return htmlTime{Machine: utc.Format(time.RFC3339), Human: utc.Format("2006-01-02 15:04:05 UTC"), Age: p.options.Age(t)}
}

func escapedAll(texts []string) []string {
	escaped := slices.Clone(texts)
	for i, text := range escaped {
		escaped[i] = escape.Line(text)
	}
	return escaped
}
