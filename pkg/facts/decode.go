package facts

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	utiljson "k8s.io/apimachinery/pkg/util/json"
	"sigs.k8s.io/yaml"
)

// The bounds of a file. An object cannot be larger than etcd's 1.5 MiB per request; a document is held in memory whole.
const (
	maxDocument  = 4 << 20
	maxDocuments = 200_000
	maxFile      = 256 << 20
	maxDepth     = 100
)

// Read reads what Write wrote. name is only for messages. Every error says the line and what is wrong; memory is
// bounded by one document and by what the file rightly holds.
func Read(r io.Reader, name string) (*Snapshot, error) {
	d := &decoder{lines: bufio.NewReaderSize(io.LimitReader(r, maxFile+1), 64<<10)}
	s, err := d.snapshot()
	if err != nil {
		return nil, fmt.Errorf("read snapshot %s: line %d: %w", name, max(d.errorLine(err), 1), err)
	}
	return s, nil
}

type decoder struct {
	lines *bufio.Reader
	line  int // lines read so far
	begin int // first line of the present document
	bytes int
}

var errNotSnapshot = errors.New("this is no snapshot of kubectl choreo; make one with kubectl choreo snapshot COMPONENT")

func (d *decoder) snapshot() (*Snapshot, error) {
	first, err := d.document()
	if errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("the file is empty: %w", errNotSnapshot)
	}
	if err != nil {
		return nil, err
	}
	s, err := readHeader(first)
	if err != nil {
		return nil, err
	}
	for range maxDocuments {
		text, err := d.document()
		if errors.Is(err, io.EOF) {
			return s, s.complete()
		}
		if err != nil {
			return nil, err
		}
		if err := s.readAnswer(text); err != nil {
			return nil, err
		}
	}
	return nil, fmt.Errorf("more than %d documents: no snapshot is that large", maxDocuments)
}

// complete finds out a file that was cut off: every object of a list has its own document.
func (s *Snapshot) complete() error {
	for _, l := range s.Lists() {
		if l.Query.Owner != "" || l.Query.Names {
			continue // lists of references alone
		}
		for _, item := range l.Items {
			if s.Object(item).Outcome == NotAsked {
				return fmt.Errorf("the file was cut off: %s is listed, but its document is missing", item)
			}
		}
	}
	return nil
}

// document returns the next non-empty document, io.EOF after the last.
func (d *decoder) document() ([]byte, error) {
	var text bytes.Buffer
	d.begin = d.line + 1
	for {
		line, err := d.readLine()
		if line == "---" || (errors.Is(err, io.EOF) && line == "") {
			if strings.TrimSpace(text.String()) != "" {
				return text.Bytes(), nil
			}
			if err != nil {
				return nil, io.EOF
			}
			text.Reset()
			d.begin = d.line + 1
			continue
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, err
		}
		if text.Len()+len(line) > maxDocument {
			return nil, fmt.Errorf("a document of more than %d MiB: no object is that large", maxDocument>>20)
		}
		text.WriteString(line + "\n")
	}
}

// readLine reads one line of bounded length. A byte order mark and carriage returns are tolerated.
func (d *decoder) readLine() (string, error) {
	var line []byte
	for {
		part, err := d.lines.ReadSlice('\n')
		d.bytes += len(part)
		line = append(line, part...)
		switch {
		case d.bytes > maxFile:
			return "", fmt.Errorf("the file has more than %d MiB: no snapshot is that large", maxFile>>20)
		case len(line) > maxDocument:
			return "", fmt.Errorf("a line of more than %d MiB: no object is that large", maxDocument>>20)
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case bytes.IndexByte(part, 0) >= 0:
			return "", fmt.Errorf("a binary file: %w", errNotSnapshot)
		case err == nil || len(line) > 0:
			d.line++
			return strings.TrimRight(strings.TrimPrefix(string(line), "\ufeff"), "\r\n"), nil
		}
		return "", err
	}
}

var yamlLine = regexp.MustCompile(`yaml: line (\d+):`)

// errorLine is the line of the whole file: the parser counts from the beginning of a document.
func (d *decoder) errorLine(err error) int {
	if m := yamlLine.FindStringSubmatch(err.Error()); m != nil {
		if n, convErr := strconv.Atoi(m[1]); convErr == nil {
			return d.begin + n - 1
		}
	}
	return d.begin
}

func readHeader(text []byte) (*Snapshot, error) {
	var identity struct {
		APIVersion string `json:"apiVersion"`
		Kind       string `json:"kind"`
	}
	if err := decode(text, &identity, false); err != nil {
		return nil, err
	}
	group, version, _ := strings.Cut(apiVersion, "/")
	switch gotGroup, gotVersion, _ := strings.Cut(identity.APIVersion, "/"); {
	case identity.Kind != snapshotKind || gotGroup != group:
		return nil, fmt.Errorf("apiVersion %q, kind %q: %w", identity.APIVersion, identity.Kind, errNotSnapshot)
	case gotVersion != version:
		return nil, fmt.Errorf("version %s: this program reads %s; update kubectl choreo, or take the snapshot anew", gotVersion, version)
	}
	var h header
	if err := decode(text, &h, true); err != nil {
		return nil, err
	}
	if h.Subject.Component == "" || h.TakenAt.IsZero() {
		return nil, fmt.Errorf("subject.component and takenAt must be set: %w", errNotSnapshot)
	}
	s := New(h.Subject, h.TakenAt)
	s.Wanted, s.Masked = h.Wanted, h.Masked
	for _, l := range h.Lists {
		s.PutList(List{Query: l.Query, Outcome: l.Outcome, Reason: l.Reason, Truncated: l.Truncated, Items: slices.Clone(l.Items)}, nil)
	}
	return s, nil
}

func (s *Snapshot) readAnswer(text []byte) error {
	var a answer
	if err := decode(text, &a, true); err != nil {
		return err
	}
	switch {
	case (a.Ref == nil) == (a.Log == nil):
		return fmt.Errorf("a document must have either ref or log")
	case a.Log != nil:
		s.PutLog(Log{Query: *a.Log, Outcome: a.Outcome, Reason: a.Reason, Lines: a.Lines})
		return nil
	case (a.Outcome == Found) != (a.Object != nil):
		return fmt.Errorf("%s: outcome %s does not go with %d fields of an object", a.Ref, a.Outcome, len(a.Object))
	case s.Object(*a.Ref).Outcome != NotAsked:
		return fmt.Errorf("%s stands in the file twice", a.Ref)
	}
	o := Object{Ref: *a.Ref, Outcome: a.Outcome, Reason: a.Reason}
	if a.Object != nil {
		o.Body = &unstructured.Unstructured{Object: a.Object}
		if o.Body.GetName() != a.Ref.Name || o.Body.GetKind() != a.Ref.Kind || o.Body.GetNamespace() != a.Ref.Namespace {
			return fmt.Errorf("%s: the object in the document is %s %s/%s", a.Ref, o.Body.GetKind(), o.Body.GetNamespace(), o.Body.GetName())
		}
	}
	s.Put(o)
	return nil
}

// decode turns one document into JSON and that into v. Anchors and aliases are refused: a snapshot has none, and a few
// lines of them can stand for gigabytes.
func decode(text []byte, v any, strict bool) error {
	if at := aliasLine(text); at > 0 {
		return fmt.Errorf("yaml: line %d: anchors and aliases are not read", at)
	}
	asJSON, err := yaml.YAMLToJSONStrict(text)
	if err != nil {
		return fmt.Errorf("%w", err)
	}
	if deep(asJSON) {
		return fmt.Errorf("nested more than %d deep: no object is", maxDepth)
	}
	if !strict {
		if err := yaml.Unmarshal(asJSON, v); err != nil {
			return fmt.Errorf("%w", err)
		}
		return nil
	}
	if err := yaml.UnmarshalStrict(asJSON, v); err != nil {
		return fmt.Errorf("%w", err)
	}
	// Kubernetes' own decoder keeps whole numbers whole, as every accessor and copy of unstructured objects expects.
	if err := utiljson.Unmarshal(asJSON, v); err != nil {
		return fmt.Errorf("%w", err)
	}
	return nil
}

// A value that begins with & or * is an anchor or an alias; in a quoted or block string it is text.
var alias = regexp.MustCompile(`(?m)^(?:\s*-)*\s*(?:[\w./-]+:\s+)?[&*][A-Za-z0-9_]|[\[{,:]\s*[&*][A-Za-z0-9_]`)

func aliasLine(text []byte) int {
	if !bytes.ContainsAny(text, "&*") {
		return 0
	}
	block := -1 // indentation of the key that opened a block string
	for i, line := range strings.Split(string(text), "\n") {
		indent := len(line) - len(strings.TrimLeft(line, " "))
		if block >= 0 && (indent > block || strings.TrimSpace(line) == "") {
			continue
		}
		block = -1
		if strings.HasSuffix(line, "|") || strings.HasSuffix(line, "|-") || strings.HasSuffix(line, "|+") || strings.HasSuffix(line, ">") || strings.HasSuffix(line, ">-") {
			block = indent
		}
		if !strings.ContainsAny(line, `"'`) && alias.MatchString(line) {
			return i + 1
		}
	}
	return 0
}

// deep reports whether JSON is nested deeper than any object is.
func deep(text []byte) bool {
	depth, inString := 0, false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case inString && c == '\\':
			i++
		case c == '"':
			inString = !inString
		case inString:
		case c == '{' || c == '[':
			if depth++; depth > maxDepth {
				return true
			}
		case c == '}' || c == ']':
			depth--
		}
	}
	return false
}
