package printers

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"sigs.k8s.io/yaml"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// APIVersion is the version of the data form.
const APIVersion = "kubectl-choreo.dev/v1alpha1"

// document is a Trace with its identity in front.
type document struct {
	APIVersion string `json:"apiVersion"`
	Kind       string `json:"kind"`
	*trace.Trace
}

type data struct {
	encode func(any) ([]byte, error)
}

func (d data) Print(w io.Writer, t *trace.Trace) error {
	return writeData(w, d.encode, document{APIVersion, "Trace", t})
}

func writeData(w io.Writer, encode func(any) ([]byte, error), document any) error {
	text, err := encode(document)
	if err != nil {
		return fmt.Errorf("encode: %w", err)
	}
	if _, err := w.Write(text); err != nil {
		return fmt.Errorf("write: %w", err)
	}
	return nil
}

// encodeJSON leaves < > & as they are, for people who read it. Control characters are escaped by the encoder, and what
// else could change a terminal's picture is escaped here.
func encodeJSON(d any) ([]byte, error) {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(d); err != nil {
		return nil, err
	}
	return escapeData(out.Bytes()), nil
}

func encodeYAML(d any) ([]byte, error) {
	text, err := json.Marshal(d)
	if err != nil {
		return nil, err
	}
	var plain any
	if err := json.Unmarshal(text, &plain); err != nil {
		return nil, err
	}
	return yaml.Marshal(shown(plain))
}

// shown replaces what could change a terminal's picture by its escape. YAML has none for such characters outside of
// quoted text, so here, unlike in JSON, a reader does not get the original back.
func shown(value any) any {
	switch v := value.(type) {
	case map[string]any:
		for key, inner := range v {
			v[key] = shown(inner)
		}
	case []any:
		for i, inner := range v {
			v[i] = shown(inner)
		}
	case string:
		lines := strings.Split(v, "\n")
		for i, line := range lines {
			lines[i] = unobeyed(escapeRunes(line))
		}
		return strings.Join(lines, "\n")
	}
	return value
}

// escapeData writes the characters that turn or hide text, or command a runner, as JSON escapes. They only occur within strings.
func escapeData(text []byte) []byte {
	text = bytes.ReplaceAll(text, []byte(runnerPrefix), []byte(`\u0023#[`))
	if !bytes.ContainsFunc(text, invisible) {
		return text
	}
	var out bytes.Buffer
	for _, r := range string(text) {
		switch {
		case r > 0xffff && invisible(r):
			high, low := surrogates(r)
			fmt.Fprintf(&out, `\u%04x\u%04x`, high, low)
		case r != '\n' && invisible(r):
			fmt.Fprintf(&out, `\u%04x`, r)
		default:
			out.WriteRune(r)
		}
	}
	return out.Bytes()
}
