package snapshotfile

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// Read reads the file form of a Snapshot; name is the file's name, for errors. It reads one document at a time and rejects
// anything that Write does not write. The error has the line, the reason and the fix. Memory and time are bounded for any r.
func Read(r io.Reader, name string) (*facts.Snapshot, error) {
	s, err := readAll(newDocuments(r, standard()))
	if err != nil {
		return nil, fmt.Errorf("read snapshot %s: %w", name, err)
	}
	return s, nil
}

func readAll(in *documents) (*facts.Snapshot, error) {
	data, first, err := in.next()
	if errors.Is(err, io.EOF) {
		return nil, errorf(in.line, hintWrite, "no snapshot in the file")
	}
	if err != nil {
		return nil, err
	}
	s, err := readHeader(data, first, in.limits)
	if err != nil {
		return nil, err
	}
	for {
		data, first, err = in.next()
		switch {
		case errors.Is(err, io.EOF):
			return s, nil
		case err != nil:
			return nil, err
		case in.cut: // the remaining part may not be YAML; the truncation is the relevant error
			return nil, in.truncated()
		}
		if err := readAnswer(s, data, first, in.limits); err != nil {
			return nil, err
		}
	}
}

// readHeader checks the kind first, to identify other files.
func readHeader(data []byte, first int, limits limits) (*facts.Snapshot, error) {
	t, err := parse(data, first, limits)
	if err != nil {
		return nil, err
	}
	if err := t.identify(); err != nil {
		return nil, err
	}
	var version, kind string
	var skew map[string]string
	s := facts.New(facts.Subject{}, time.Time{})
	err = t.fields(t.root, map[string]any{
		"apiVersion": &version, "kind": &kind, "takenAt": &s.TakenAt,
		"clockSkew": &skew, "subject": &s.Subject, "wanted": &s.Wanted, "changes": &s.Changes, "past": &s.Past, "masked": &s.Masked,
	})
	if err != nil {
		return nil, err
	}
	if s.TakenAt.IsZero() {
		return nil, t.errorf(t.root, "takenAt is missing")
	}
	if s.Skew, err = readSkew(skew); err != nil {
		return nil, t.errorf(t.root, "clockSkew: %w", err)
	}
	if err := t.checkChanges(s.Changes); err != nil {
		return nil, err
	}
	return s, nil
}

// checkChanges also sorts them in output order.
func (t text) checkChanges(changes []facts.Change) error {
	for _, c := range changes {
		if c.File == "" || c.Applier.Kind == "" || c.Applier.Name == "" {
			return t.errorf(t.root, "changes: each needs a file, and an applier with kind and name")
		}
	}
	slices.SortFunc(changes, facts.Change.Compare)
	return nil
}

// identify rejects a document that is not a Snapshot of this version, and reports its kind and version.
func (t text) identify() error {
	version, kind := plain(t.root, "apiVersion"), plain(t.root, "kind")
	line := t.line(t.root)
	switch {
	case version == formVersion && kind == formKind:
		return nil
	case version == "" || kind == "":
		return errorf(line, hintWrite, "not a snapshot: it does not begin with apiVersion: %s, kind: %s", formVersion, formKind)
	case kind != formKind:
		return errorf(line, hintWrite, "not a snapshot, but %s of %s", truncate(kind), truncate(version))
	case len(version) > len(formGroup) && version[:len(formGroup)+1] == formGroup+"/":
		return errorf(line, hintUpdate, "a snapshot of version %s, want %s", truncate(version), formVersion)
	}
	return errorf(line, hintWrite, "a Snapshot of %s, want %s", truncate(version), formVersion)
}

// readAnswer reads one document below the header. Its identity field determines which of the three types it is.
func readAnswer(s *facts.Snapshot, data []byte, first int, limits limits) error {
	t, err := parse(data, first, limits)
	if err != nil {
		return err
	}
	switch {
	case t.has("ref"):
		return t.readObject(s)
	case t.has("query"):
		return t.readList(s)
	case t.has("log"):
		return t.readLog(s)
	}
	return t.errorf(t.root, "want a document with ref, query or log")
}

func (t text) readObject(s *facts.Snapshot) error {
	var o facts.Object
	var body map[string]any
	err := t.fields(t.root, map[string]any{"ref": &o.Ref, "outcome": &o.Outcome, "reason": &o.Reason, "object": &body})
	if err != nil {
		return err
	}
	twice := s.Object(o.Ref).Outcome != facts.NotAsked
	switch {
	case o.Ref.Plane == "" || o.Ref.Kind == "" || o.Ref.Name == "":
		return t.errorf(t.root, "ref needs plane, kind and name")
	case twice:
		return t.errorf(t.root, "%s twice", truncate(o.Ref.String()))
	case body != nil && o.Outcome != facts.Found:
		return t.errorf(t.root, "%s has a body, but outcome %s", truncate(o.Ref.String()), o.Outcome)
	case body == nil && o.Outcome == facts.Found:
		return t.errorf(t.root, "%s has outcome Found, but no object", truncate(o.Ref.String()))
	}
	if body != nil {
		o.Body = &unstructured.Unstructured{Object: body}
	}
	s.Put(o)
	return nil
}

func (t text) readList(s *facts.Snapshot) error {
	var l facts.List
	var items []any
	err := t.fields(t.root, map[string]any{
		"query": &l.Query, "outcome": &l.Outcome, "reason": &l.Reason, "truncated": &l.Truncated, "items": &items,
	})
	if err != nil {
		return err
	}
	for _, item := range items {
		ref, err := expandItem(item, l.Query)
		if err != nil {
			return t.errorf(t.root, "items: %w", err)
		}
		l.Items = append(l.Items, ref)
	}
	twice := s.List(l.Query).Outcome != facts.NotAsked
	switch {
	case l.Query.Plane == "" || l.Query.Kind == "":
		return t.errorf(t.root, "query needs plane and kind")
	case twice:
		return t.errorf(t.root, "the same query twice")
	}
	s.PutList(l, nil)
	return nil
}

func (t text) readLog(s *facts.Snapshot) error {
	var l facts.Log
	err := t.fields(t.root, map[string]any{"log": &l.Query, "outcome": &l.Outcome, "reason": &l.Reason, "lines": &l.Lines})
	if err != nil {
		return err
	}
	if s.Log(l.Query).Outcome != facts.NotAsked {
		return t.errorf(t.root, "the same log twice")
	}
	if l.Query.Pod.Name == "" || l.Query.Container == "" {
		return t.errorf(t.root, "log needs a pod and a container")
	}
	s.PutLog(l)
	return nil
}
