package snapshotfile

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

const header = "apiVersion: kubectl-choreo.dev/v1alpha1\nkind: Snapshot\ntakenAt: 2026-11-21T04:00:00Z\nsubject: {namespace: default, component: a}\n"

const pod = "ref: {plane: control, kind: Pod, namespace: default, name: a}\noutcome: Found\n"

// What an error of Read advises.
const (
	edit     = "; correct it, or write the file again with `kubectl choreo snapshot COMPONENT -f FILE`"
	rewrite  = "; write one with `kubectl choreo snapshot COMPONENT -f FILE`"
	again    = "; copy the file again, or write it again with `kubectl choreo snapshot COMPONENT -f FILE`"
	useNewer = "; read it with the kubectl-choreo that wrote it, or with a newer one"
)

type refusedFile struct {
	file string
	want string // after "read snapshot case.yaml: "
}

func checkRefused(t *testing.T, cases map[string]refusedFile) {
	t.Helper()
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			s, err := Read(strings.NewReader(c.file), "case.yaml")
			if err == nil || s != nil {
				t.Fatalf("Read(…): want an error and no Snapshot, got %v, %v", err, s)
			}
			if diff := cmp.Diff("read snapshot case.yaml: "+c.want, err.Error()); diff != "" {
				t.Errorf("Read(…): -want, +got:\n%s", diff)
			}
		})
	}
}

// TestReadRefusesOtherFiles covers files that are no snapshot of this version, or are cut off.
func TestReadRefusesOtherFiles(t *testing.T) {
	checkRefused(t, map[string]refusedFile{
		"Empty":           {"", "line 1: the file is empty" + rewrite},
		"OnlyComment":     {"# nothing\n...\n", "line 2: no snapshot in the file" + rewrite},
		"NotYAML":         {"a: b: c\n", "line 1: not YAML: mapping values are not allowed in this context" + edit},
		"Prose":           {"Dear colleague,\nsee below.\n", "line 1: not a snapshot: it does not begin with apiVersion: kubectl-choreo.dev/v1alpha1, kind: Snapshot" + rewrite},
		"Binary":          {"\x7fELF\x02\x00\x00", "line 1: not text: a zero byte" + rewrite},
		"Gzip":            {"\x1f\x8b\x08\x01", "line 1: not text: invalid UTF-8" + rewrite},
		"Escape":          {"a: b\nc: \x1b[2J\n", "line 2: not text: control character 0x1b" + rewrite},
		"UTF16":           {"\xff\xfea\x00", "line 1: UTF-16, want UTF-8; write it with -f FILE instead of >"},
		"Manifest":        {"# mine\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\n", "line 2: not a snapshot, but Deployment of apps/v1" + rewrite},
		"ManifestJSON":    {`{"apiVersion":"v1","kind":"List","items":[]}`, "line 1: not a snapshot, but List of v1" + rewrite},
		"Trace":           {"apiVersion: kubectl-choreo.dev/v1alpha1\nkind: Trace\n", "line 1: not a snapshot, but Trace of kubectl-choreo.dev/v1alpha1" + rewrite},
		"Newer":           {"apiVersion: kubectl-choreo.dev/v1beta1\nkind: Snapshot\nsurprise: 1\n", "line 1: a snapshot of version kubectl-choreo.dev/v1beta1, want kubectl-choreo.dev/v1alpha1" + useNewer},
		"OtherSnapshot":   {"apiVersion: velero.io/v1\nkind: Snapshot\n", "line 1: a Snapshot of velero.io/v1, want kubectl-choreo.dev/v1alpha1" + rewrite},
		"NoTime":          {"apiVersion: kubectl-choreo.dev/v1alpha1\nkind: Snapshot\n...\n", "line 1: takenAt is missing" + edit},
		"UnknownHeader":   {header + "colour: red\n...\n", "line 5: field \"colour\" is unknown, or here twice" + edit},
		"UnknownSubject":  {strings.Replace(header, "component:", "part:", 1) + "...\n", `line 4: subject: unknown field "part"` + edit},
		"UnknownChange":   {header + "changes: [{applier: {kind: Kustomization, name: a}, file: b, line: 1}]\n...\n", `line 5: changes: unknown field "[0].line"` + edit},
		"ChangeOfNothing": {header + "changes: [{applier: {kind: Kustomization, name: a}}]\n...\n", "line 1: changes: each needs a file, and an applier with kind and name" + edit},
		"CutHeader":       {header, "line 4: the file ends before its end mark ...: it was cut off" + again},
		"CutObject":       {header + "---\n" + pod + "object:\n  kind: P", "line 9: the file ends before its end mark ...: it was cut off" + again},
		"CutQuote":        {header + "---\n" + pod + "object:\n  kind: \"P", "line 9: the file ends before its end mark ...: it was cut off" + again},
	})
}

// TestReadRefusesYAML covers YAML that a snapshot does not use.
func TestReadRefusesYAML(t *testing.T) {
	checkRefused(t, map[string]refusedFile{
		"Aliases":         {header + "---\n" + pod + "object:\n  a: &a [x]\n  b: *a\n...\n", "line 9: anchors and aliases are not read" + edit},
		"Merge":           {header + "---\n" + pod + "object:\n  <<: {a: b}\n...\n", "line 9: a field name must be plain text" + edit},
		"AnchoredHeader":  {"&a\n" + header + "...\n", "line 1: want fields, without an anchor" + edit},
		"UnknownAlias":    {header + "---\n" + pod + "object: *b\n...\n", "line 6: not YAML: unknown anchor 'b' referenced" + edit},
		"Deep":            {header + "---\n" + pod + "object: {a: " + strings.Repeat("[", 150) + strings.Repeat("]", 150) + "}\n...\n", "line 8: nested deeper than 100" + edit},
		"VeryDeep":        {header + "---\n" + strings.Repeat("[", 50_000) + "\n...\n", "line 6: not YAML: exceeded max depth of 10000" + edit},
		"Tag":             {header + "---\n" + pod + "object: {a: !!python/object x}\n...\n", `line 8: tag "!!python/object" is not read` + edit},
		"NaN":             {header + "---\n" + pod + "object: {a: .nan}\n...\n", `line 8: ".nan" is not a number that JSON knows` + edit},
		"DuplicateKey":    {header + "---\n" + pod + "object:\n  a: 1\n  b: 2\n  a: 3\n...\n", `line 11: field "a" twice` + edit},
		"DuplicateObject": {header + "---\n" + pod + "object: {}\n---\n" + pod + "object: {}\n...\n", "line 10: Pod default/a twice" + edit},
		"DuplicateList":   {header + strings.Repeat("---\nquery: {plane: control, kind: Pod}\noutcome: Found\n", 2) + "...\n", "line 9: the same query twice" + edit},
		"DuplicateLog":    {header + strings.Repeat("---\nlog: {pod: {kind: Pod, name: a}, container: b}\noutcome: Found\n", 2) + "...\n", "line 9: the same log twice" + edit},
		"Foreign":         {header + "---\napiVersion: v1\nkind: Pod\n...\n", "line 6: want a document with ref, query or log" + edit},
		"SecondHeader":    {header + "---\n" + header + "...\n", "line 6: want a document with ref, query or log" + edit},
		"AfterEnd":        {header + "...\n\n# fine\na: b\n", "line 8: text after the end mark ..." + edit},
		"AfterMark":       {header + "--- {a: b}\n...\n", "line 5: text after ---, which must be alone on its line" + edit},
		"HiddenDocument":  {header + "a: b\r---\rc: d\n...\n", "line 1: more than one document between two lines ---" + edit},
		"ManyValues":      {header + "---\n" + pod + "object: {a: [" + strings.Repeat("1,", 1<<18) + "]}\n...\n", "line 6: a document of more than 262144 values" + rewrite},
		"LargeDocument":   {header + "---\n" + pod + "reason: " + strings.Repeat("a", 5<<20) + "\n...\n", "line 8: a document larger than 4 MiB, which no Kubernetes object is" + rewrite},
	})
}

// TestReadRefusesFields covers fields that are missing, unknown or contradictory.
func TestReadRefusesFields(t *testing.T) {
	checkRefused(t, map[string]refusedFile{
		"WrongOutcome": {header + "---\nref: {plane: control, kind: Pod, name: a}\noutcome: Fine\n...\n", `line 7: outcome: read outcome "Fine": want one of [NotAsked Found Absent Forbidden NoKind Unreachable Invalid]` + edit},
		"NoOutcome":    {header + "---\nref: {plane: control, kind: Pod, name: a}\n...\n", "line 6: outcome is missing" + edit},
		"NullOutcome":  {header + "---\nref: {plane: control, kind: Pod, name: a}\noutcome:\n...\n", "line 6: outcome is missing" + edit},
		"UnknownField": {header + "---\n" + pod + "verdict: OK\n...\n", `line 8: field "verdict" is unknown, or here twice` + edit},
		"UnknownRef":   {header + "---\nref: {plane: control, kind: Pod, name: a, uid: b}\noutcome: Found\n...\n", `line 6: ref: unknown field "uid"` + edit},
		"NoName":       {header + "---\nref: {plane: control, kind: Pod}\noutcome: Found\n...\n", "line 6: ref needs plane, kind and name" + edit},
		"AbsentBody":   {header + "---\nref: {plane: control, kind: Pod, name: a}\noutcome: Absent\nobject: {kind: Pod}\n...\n", "line 6: Pod a has a body, but outcome Absent" + edit},
		"FoundNothing": {header + "---\n" + pod + "...\n", "line 6: Pod default/a has outcome Found, but no object" + edit},
		"BodyIsText":   {header + "---\n" + pod + "object: Pod\n...\n", "line 8: object: want fields" + edit},
		"BadItem":      {header + "---\nquery: {plane: control, kind: Pod}\noutcome: Found\nitems: [a/]\n...\n", "line 6: items: an item without a name" + edit},
	})
}

// TestReadByHand covers fixtures that people and editors have changed.
func TestReadByHand(t *testing.T) {
	want := facts.New(facts.Subject{Namespace: "default", Component: "a"}, takenAt)
	ref := put(t, want, `{apiVersion: v1, kind: Pod, metadata: {name: a, namespace: default}, num: 31, f: 1.5, t: "2026-11-21", why: "yes"}`)
	want.PutList(facts.List{Query: facts.Query{Plane: facts.Control, Kind: "Pod"}, Outcome: facts.Found, Items: []facts.Ref{ref, {Plane: "other", Kind: "Node", Name: "b"}}}, nil)
	file := "# a note\n---\n" + header + "---\n" + pod +
		"object: {apiVersion: v1, kind: Pod, metadata: {name: a, namespace: default}, num: 0x1F, f: 1.5, t: 2026-11-21, why: yes} # flow\n--- \n" +
		"query: {plane: control, group: '', kind: Pod}\noutcome: Found\nitems:\n- default/a\n- {plane: other, group: \"\", kind: Node, name: b}\n...\n\n# the end\n"
	for name, text := range map[string]string{
		"Plain": file, "Windows": "\ufeff" + strings.ReplaceAll(file, "\n", "\r\n"), "NoLastNewline": strings.TrimSuffix(file, "\n\n# the end\n"),
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(all(want), all(read(t, text))); diff != "" {
				t.Errorf("Read(…): -want, +got:\n%s", diff)
			}
		})
	}
}

var errCable = errors.New("cable out")

func TestReadError(t *testing.T) {
	_, err := Read(io.MultiReader(strings.NewReader(header), iotestError{}), "case.yaml")
	if !errors.Is(err, errCable) || !strings.Contains(fmt.Sprint(err), "line 5: cable out; check that the file can be read") {
		t.Errorf("Read of a broken stream: want %v with its line, got %v", errCable, err)
	}
}

type iotestError struct{}

func (iotestError) Read([]byte) (int, error) { return 0, errCable }
