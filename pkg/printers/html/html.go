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
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/text"
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
	Answer           string
	Failing          *htmlFailing
	Also             []htmlFailing
	Trunk            []htmlRung
	Branches         []htmlBranch
	Moments          []htmlMoment
	Timeless, Masked []string
}

// htmlLook is how a state looks: a class for the colour, a mark and a word, so that no one of them is needed for the others.
type htmlLook struct{ Class, Mark, Word string }

type htmlTime struct{ Machine, Human, Age string }

type htmlBranch struct {
	ID, Name, Word string
	Look           htmlLook
	Small          bool
	Rungs          []htmlRung
}

// Write writes a trace as a page.
func Write(w io.Writer, t *trace.Trace, o style.Options) error {
	p := html{options: o}
	page, err := template.New("page").Parse(htmlTemplate)
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
		Trunk: p.rungs("", t.Rungs, t.Failing, ""),
	}
	if t.Verdict != trace.VerdictFailed {
		page.Answer = strings.Join(text.Summary(t, style.Options{Now: p.options.Now, Program: p.options.Program}), "\n")
	}
	for i, e := range t.Environments {
		id := branchID(i)
		page.Branches = append(page.Branches, htmlBranch{
			ID: id, Name: escape.Line(e.Name), Word: style.VerdictWord(e), Look: lookOfVerdict(e.Verdict), Small: style.IsUnbound(e),
			Rungs: p.rungs(id, e.Rungs, t.Failing, e.Name),
		})
	}
	page.Failing, page.Also = p.failures(t)
	page.Moments, page.Timeless = p.moments(t)
	if p.options.Seen != nil {
		page.Masked = escapedAll(p.options.Seen.Masked)
	}
	return page
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
