package data

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	utiljson "k8s.io/apimachinery/pkg/util/json"
	"sigs.k8s.io/yaml"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/escape"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// APIVersion is the version of the data form.
const APIVersion = "kubectl-choreo.dev/v1alpha1"

// traceDocument is a Trace with its identity in front.
type traceDocument struct {
	APIVersion string `json:"apiVersion"`
	Kind       string `json:"kind"`
	*trace.Trace
}

// OfTrace is a trace as a document.
func OfTrace(t *trace.Trace) any { return traceDocument{APIVersion, "Trace", t} }

// Write encodes a document and writes it.
func Write(w io.Writer, encode func(any) ([]byte, error), document any) error {
	text, err := encode(document)
	if err != nil {
		return fmt.Errorf("encode: %w", err)
	}
	if _, err := w.Write(text); err != nil {
		return fmt.Errorf("write: %w", err)
	}
	return nil
}

// JSON leaves < > & as they are, for people who read it. Control characters are escaped by the encoder, and what
// else could change a terminal's picture is escaped here.
func JSON(d any) ([]byte, error) {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(d); err != nil {
		return nil, err
	}
	return escape.JSON(out.Bytes()), nil
}

// YAML encodes a document; unlike in JSON, a reader does not get back what was escaped.
func YAML(d any) ([]byte, error) {
	o, err := Object(d)
	if err != nil {
		return nil, err
	}
	return yaml.Marshal(o.Object)
}

// Object is a document as the printers of kubectl take one. A template prints strings as they are, so they are escaped as in YAML.
func Object(document any) (*unstructured.Unstructured, error) {
	text, err := json.Marshal(document)
	if err != nil {
		return nil, fmt.Errorf("encode: %w", err)
	}
	plain := map[string]any{}
	if err := utiljson.Unmarshal(text, &plain); err != nil {
		return nil, fmt.Errorf("encode: %w", err)
	}
	escape.Values(plain)
	return &unstructured.Unstructured{Object: plain}, nil
}

// WriteLine writes one value on one line, with the characters of markup as they are.
func WriteLine(w io.Writer, value any) error {
	var line bytes.Buffer
	e := json.NewEncoder(&line)
	e.SetEscapeHTML(false)
	if err := e.Encode(value); err != nil {
		return fmt.Errorf("encode: %w", err)
	}
	if _, err := w.Write(escape.JSON(line.Bytes())); err != nil {
		return fmt.Errorf("write: %w", err)
	}
	return nil
}

// WriteTraceLine writes the trace in one line, which ends the events.
func WriteTraceLine(w io.Writer, t *trace.Trace) error {
	return WriteLine(w, OfTrace(t))
}
