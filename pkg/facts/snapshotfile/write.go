package snapshotfile

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"io"
	"slices"
	"time"

	"go.yaml.in/yaml/v3"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/mask"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// WriteOptions configures the content of the file. The zero value is the safest: values are masked and log lines are omitted.
type WriteOptions struct {
	IncludeValues bool // write values unmasked; the data of core Secrets is masked anyway
	Logs          bool // write log lines
}

// Write writes the file form of s: the same Snapshot gives the same bytes. It does not change s; it masks a copy of one object
// at a time. The error is that of w, or names the object that has no file form.
func Write(w io.Writer, s *facts.Snapshot, o WriteOptions) error {
	out := &writer{w: w, limits: standard(), snapshot: s, options: o}
	if err := out.write(); err != nil {
		return fmt.Errorf("write snapshot: %w", err)
	}
	return nil
}

type writer struct {
	w        io.Writer
	limits   limits
	snapshot *facts.Snapshot
	options  WriteOptions
	masker   *mask.Masker
}

// write processes everything twice, because the header counts the masked values below it and only one object at a time should be
// in memory.
func (out *writer) write() error {
	out.masker = mask.New(out.options.IncludeValues, len(out.snapshot.Masked) > 0)
	if err := out.answers(func(string, *yaml.Node) error { return nil }); err != nil {
		return err
	}
	if err := out.emit("the header", out.header(out.masked())); err != nil {
		return err
	}
	err := out.answers(func(what string, n *yaml.Node) error {
		if _, err := io.WriteString(out.w, startMark+"\n"); err != nil {
			return err
		}
		return out.emit(what, n)
	})
	if err != nil {
		return err
	}
	_, err = io.WriteString(out.w, endMark+"\n")
	return err
}

// answers passes one masked document after the other. The masker keeps its tokens, so both passes give the same result.
func (out *writer) answers(each func(what string, n *yaml.Node) error) error {
	out.masker.Wanted(out.snapshot.Wanted)
	out.masker.Changes(out.snapshot.Changes)
	out.masker.Past(out.snapshot.Past)
	for _, l := range out.snapshot.Lists() {
		if err := each("the list of "+l.Query.Kind, out.list(l)); err != nil {
			return err
		}
	}
	for _, o := range out.snapshot.Objects() {
		n, err := out.object(o)
		if err != nil {
			return fmt.Errorf("%s: %w", o.Ref, err)
		}
		if err := each(o.Ref.String(), n); err != nil {
			return err
		}
	}
	for _, l := range out.snapshot.Logs() {
		if !out.options.Logs {
			break
		}
		if err := each("a log of "+l.Query.Pod.String(), out.log(l)); err != nil {
			return err
		}
	}
	return nil
}

func (out *writer) header(masked []string) *yaml.Node {
	s := out.snapshot
	return mappingNode(0,
		field{"apiVersion", textNode(formVersion)},
		field{"kind", textNode(formKind)},
		field{"takenAt", textNode(s.TakenAt.UTC().Format(time.RFC3339Nano))},
		field{"clockSkew", skewNode(s.Skew)},
		field{"subject", subjectNode(s.Subject)},
		field{"wanted", wantedNode(out.masker.Wanted(s.Wanted))},
		field{"changes", changesNode(out.masker.Changes(s.Changes))},
		field{"past", pastNode(out.masker.Past(s.Past))},
		field{"masked", textsNode(masked)},
	)
}

// masked combines the values masked now with those masked when s was read from a file.
func (out *writer) masked() []string {
	sentences := slices.Clone(out.snapshot.Masked)
	known := map[string]bool{}
	for _, sentence := range sentences {
		known[mask.SubjectOf(sentence)] = true
	}
	now := out.masker.Sentences()
	if len(out.snapshot.Logs()) > 0 && !out.options.Logs {
		now = append(now, mask.LogsLeftOut)
	}
	for _, sentence := range now {
		if !known[mask.SubjectOf(sentence)] {
			sentences = append(sentences, sentence)
		}
	}
	return sentences
}

func (out *writer) list(l facts.List) *yaml.Node {
	var items *yaml.Node
	for _, item := range l.Items {
		if items == nil {
			items = &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq"}
		}
		items.Content = append(items.Content, itemNode(item, l.Query))
	}
	return mappingNode(0,
		field{"query", queryNode(l.Query)},
		field{"outcome", textNode(l.Outcome.String())},
		field{"reason", optional(out.masker.Text(l.Reason))},
		field{"truncated", optionalBool(l.Truncated)},
		field{"items", items},
	)
}

func (out *writer) object(o facts.Object) (*yaml.Node, error) {
	var body *yaml.Node
	if o.Body != nil && o.Outcome == facts.Found {
		masked, err := out.masker.Body(o.Body.Object)
		if err != nil {
			return nil, err
		}
		facts.Clean(&unstructured.Unstructured{Object: masked})
		if body, err = node(masked); err != nil {
			return nil, err
		}
	}
	return mappingNode(0,
		field{"ref", refNode(o.Ref)},
		field{"outcome", textNode(o.Outcome.String())},
		field{"reason", optional(out.masker.Text(o.Reason))},
		field{"object", body},
	), nil
}

func (out *writer) log(l facts.Log) *yaml.Node {
	return mappingNode(0,
		field{"log", logQueryNode(l.Query)},
		field{"outcome", textNode(l.Outcome.String())},
		field{"reason", optional(out.masker.Text(l.Reason))},
		field{"lines", textsNode(out.masker.Lines(l.Lines))},
	)
}

// emit writes one document, if Read would accept it.
func (out *writer) emit(what string, n *yaml.Node) error {
	if depth(n) > out.limits.depth {
		return fmt.Errorf("%s is nested deeper than %d", what, out.limits.depth)
	}
	data, err := encode(n)
	if err == nil && (len(data) > out.limits.document || countNodes(data) > out.limits.nodes) {
		encodeLong(n)
		data, err = encode(n)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	if len(data) > out.limits.document || countNodes(data) > out.limits.nodes {
		return fmt.Errorf("%s is larger than a document of a snapshot may be (%d MiB)", what, out.limits.document>>20)
	}
	_, err = out.w.Write(data)
	return err
}

func encode(n *yaml.Node) ([]byte, error) {
	var buffer bytes.Buffer
	encoder := yaml.NewEncoder(&buffer)
	encoder.SetIndent(2)
	if err := encoder.Encode(n); err != nil {
		return nil, err
	}
	err := encoder.Close()
	return buffer.Bytes(), err
}

// encodeLong encodes long texts in base64. Read could otherwise reject a text of commas as hostile, and a text of control characters
// would grow to many times its size.
func encodeLong(n *yaml.Node) {
	for _, child := range n.Content {
		encodeLong(child)
	}
	if n.Kind == yaml.ScalarNode && n.Tag == "!!str" && len(n.Value) > 1024 {
		n.Tag, n.Style = "!!binary", yaml.TaggedStyle
		n.Value = base64.StdEncoding.EncodeToString([]byte(n.Value))
	}
}

// depth counts like Read: the document is 0, its fields are 1.
func depth(n *yaml.Node) int {
	deepest := 0
	for _, child := range n.Content {
		deepest = max(deepest, 1+depth(child))
	}
	return deepest
}
