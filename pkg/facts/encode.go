package facts

import (
	"fmt"
	"io"
	"time"

	"sigs.k8s.io/yaml"
)

// The identity of the file form. A change that older readers would misread gets a new version.
const (
	apiVersion   = "kubectl-choreo.dev/v1alpha1"
	snapshotKind = "Snapshot"
)

// WriteOptions say how much of a Snapshot goes into a file. The zero value masks every value and leaves logs out.
type WriteOptions struct {
	IncludeValues bool // write environment values, ConfigMap data and the like as they are
	Logs          bool // write log lines
}

// header is the first document of a file.
type header struct {
	APIVersion string    `json:"apiVersion"`
	Kind       string    `json:"kind"`
	TakenAt    time.Time `json:"takenAt"`
	Subject    Subject   `json:"subject"`
	Wanted     Revision  `json:"wanted"`
	Masked     []string  `json:"masked"`
	Lists      []listDoc `json:"lists"`
}

type listDoc struct {
	Query     Query   `json:"query"`
	Outcome   Outcome `json:"outcome"`
	Reason    string  `json:"reason,omitempty"`
	Truncated bool    `json:"truncated,omitempty"`
	Items     []Ref   `json:"items,omitempty"`
}

// answer is every document after the first: an object, or a log.
type answer struct {
	Ref     *Ref           `json:"ref,omitempty"`
	Log     *LogQuery      `json:"log,omitempty"`
	Outcome Outcome        `json:"outcome"`
	Reason  string         `json:"reason,omitempty"`
	Lines   []string       `json:"lines,omitempty"`
	Object  map[string]any `json:"object,omitempty"`
}

// Write writes s as a stream of YAML documents: a header, then one document per object, then the logs. The same
// Snapshot gives the same bytes. s is not changed; what is masked is masked on the way, and the header counts it.
func Write(w io.Writer, s *Snapshot, o WriteOptions) error {
	m := newMasker(o.IncludeValues)
	documents := make([]any, 0, len(s.objects)+len(s.logs)+1)
	documents = append(documents, nil)
	for _, object := range s.Objects() {
		documents = append(documents, objectDocument(object, m))
	}
	documents = append(documents, logDocuments(s, o, m)...)
	documents[0] = headerDocument(s, m)
	for _, d := range documents {
		text, err := yaml.Marshal(d)
		if err != nil {
			return fmt.Errorf("encode snapshot: %w", err)
		}
		if _, err := fmt.Fprintf(w, "---\n%s", text); err != nil {
			return fmt.Errorf("write snapshot: %w", err)
		}
	}
	return nil
}

func headerDocument(s *Snapshot, m *masker) header {
	h := header{APIVersion: apiVersion, Kind: snapshotKind, TakenAt: s.TakenAt.UTC(), Subject: s.Subject, Wanted: s.Wanted, Lists: []listDoc{}}
	h.Wanted.Text, h.Wanted.Reason = m.text(h.Wanted.Text), m.text(h.Wanted.Reason)
	for _, l := range s.Lists() {
		h.Lists = append(h.Lists, listDoc{l.Query, l.Outcome, m.text(l.Reason), l.Truncated, l.Items})
	}
	h.Masked = append(m.summary(), s.Masked...)
	return h
}

func objectDocument(o Object, m *masker) answer {
	ref := o.Ref
	a := answer{Ref: &ref, Outcome: o.Outcome, Reason: m.text(o.Reason)}
	if o.Body != nil {
		a.Object = m.object(o.Body)
	}
	return a
}

func logDocuments(s *Snapshot, o WriteOptions, m *masker) []any {
	var documents []any
	for _, l := range s.Logs() {
		query := l.Query
		a := answer{Log: &query, Outcome: l.Outcome, Reason: m.text(l.Reason)}
		if !o.Logs {
			m.count("log lines left out", len(l.Lines))
			continue
		}
		for _, line := range l.Lines {
			a.Lines = append(a.Lines, m.text(line))
		}
		documents = append(documents, a)
	}
	return documents
}
