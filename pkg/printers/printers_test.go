package printers

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"sigs.k8s.io/yaml"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

var now = time.Date(2026, 11, 21, 4, 0, 0, 0, time.UTC)

// failedPull is a trace with one of everything that a printer shows.
func failedPull() *trace.Trace {
	pod := facts.Ref{Plane: "eu", Kind: "Pod", Namespace: "dp-demo", Name: "greeter-1"}
	finding := trace.Finding{
		Code: trace.CodeImagePullBackOff, Severity: trace.Error, Object: pod, Message: "Failed to pull image \"greeter:1\": not found",
		Hint: "a wrong name or tag", Since: now.Add(-4 * time.Minute), Next: []string{"kubectl describe pod greeter-1"},
		Evidence: []trace.Evidence{{Path: trace.LogEvidence + "main", Value: "one\ntwo"}},
		Path:     []facts.Ref{{Plane: "eu", Group: "apps", Kind: "Deployment", Namespace: "dp-demo", Name: "greeter"}},
	}
	return &trace.Trace{
		Subject: facts.Subject{Namespace: "default", Project: "demo", Component: "greeter"},
		Wanted:  trace.Wanted{Revision: "main@sha1:7040926aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", From: facts.FromSource},
		Verdict: trace.VerdictFailed, Current: trace.Current,
		Failing: &trace.Failure{Rung: trace.RungPod, Environment: "development", Finding: finding},
		Rungs: []trace.Rung{
			{ID: trace.RungSource, State: trace.OK, Current: trace.Current, Revision: "main@sha1:7040926aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", Summary: "GitRepository flux-system/oc", Since: now.Add(-2 * time.Minute), Findings: []trace.Finding{}},
			{ID: trace.RungDelivery, State: trace.Unknown, Summary: "could not look: forbidden", Findings: []trace.Finding{{Code: trace.CodeForbidden, Severity: trace.Warning, Message: "User \"dora\" cannot list kustomizations"}}},
		},
		Environments: []trace.Environment{
			{
				Name: "development", Verdict: trace.VerdictFailed, Current: trace.Current, Release: "greeter-1",
				Failing: &trace.Failure{Rung: trace.RungPod, Environment: "development", Finding: finding},
				Rungs:   []trace.Rung{{ID: trace.RungPod, State: trace.Failed, Current: trace.Current, Object: pod, Summary: "greeter-1: ImagePullBackOff", Since: now.Add(-4 * time.Minute), Findings: []trace.Finding{finding}}},
			},
			{Name: "production", Verdict: trace.VerdictSuspended, Rungs: []trace.Rung{{ID: trace.RungBinding, State: trace.Suspended, Summary: "not bound", Findings: []trace.Finding{}}}},
		},
		TakenAt: now,
	}
}

func print(t *testing.T, format string, o Options, tr *trace.Trace) string {
	t.Helper()
	o.Now = now
	p, err := New(format, o)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := p.Print(&out, tr); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestTree(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		options Options
		want    string
	}{
		"TerminalOf80Columns": {Options{Marks: true, Width: 80}, `greeter   project demo, namespace default           wanted main@7040926 (source)

  ✓ source       GitRepository flux-system/oc                7040926    2m
  ? delivery     could not look: forbidden
                 ! User "dora" cannot list kustomizations

  development  failed
  ✗ pod          greeter-1: ImagePullBackOff                            4m

  production  not bound

Failing rung: pod, in development   ImagePullBackOff
  Pod dp-demo/greeter-1, on plane eu, since 4m:
    Failed to pull image "greeter:1": not found
  the log of main ends:
    one
    two
  A wrong name or tag.
  Seen from Deployment dp-demo/greeter, on plane eu → Pod dp-demo/greeter-1, on
  plane eu.
  Next: kubectl describe pod greeter-1
        kubectl choreo explain ImagePullBackOff
`},
		"PipeInASCII": {Options{ASCII: true}, `greeter   project demo, namespace default  wanted main@7040926 (source)

  ok          source       GitRepository flux-system/oc                7040926    2m
  unknown     delivery     could not look: forbidden
                           ! User "dora" cannot list kustomizations

  development  failed
  failed      pod          greeter-1: ImagePullBackOff                            4m

  production  not bound

Failing rung: pod, in development   ImagePullBackOff
  Pod dp-demo/greeter-1, on plane eu, since 4m:
    Failed to pull image "greeter:1": not found
  the log of main ends:
    one
    two
  A wrong name or tag.
  Seen from Deployment dp-demo/greeter, on plane eu -> Pod dp-demo/greeter-1, on plane eu.
  Next: kubectl describe pod greeter-1
        kubectl choreo explain ImagePullBackOff
`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(c.want, print(t, "tree", c.options, failedPull())); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestColourChangesNothingButColour(t *testing.T) {
	t.Parallel()
	plain := print(t, "tree", Options{Marks: true, Width: 80}, failedPull())
	colored := print(t, "tree", Options{Marks: true, Width: 80, Color: true}, failedPull())
	if !strings.Contains(colored, "\x1b[") {
		t.Error("there is no colour")
	}
	for _, code := range []string{"0", "1", "2", "32", "33", "35", "36", "1;31"} {
		colored = strings.ReplaceAll(colored, "\x1b["+code+"m", "")
	}
	if diff := cmp.Diff(plain, colored); diff != "" {
		t.Errorf("(-plain +coloured)\n%s", diff)
	}
}

// TestFields retypes the contract: a field that comes or goes is a change of the version.
func TestFields(t *testing.T) {
	t.Parallel()
	var got map[string]any
	if err := json.Unmarshal([]byte(print(t, "json", Options{}, failedPull())), &got); err != nil {
		t.Fatal(err)
	}
	want := []string{
		"apiVersion", "current", "environments", "environments[].current", "environments[].endpoints", "environments[].failing",
		"environments[].failing.code", "environments[].failing.environment", "environments[].failing.evidence",
		"environments[].failing.evidence[].path", "environments[].failing.evidence[].value", "environments[].failing.hint",
		"environments[].failing.message", "environments[].failing.next", "environments[].failing.object",
		"environments[].failing.object.group", "environments[].failing.object.kind", "environments[].failing.object.name",
		"environments[].failing.object.namespace", "environments[].failing.object.plane", "environments[].failing.path",
		"environments[].failing.path[].group", "environments[].failing.path[].kind", "environments[].failing.path[].name",
		"environments[].failing.path[].namespace", "environments[].failing.path[].plane", "environments[].failing.rung",
		"environments[].failing.severity", "environments[].failing.since", "environments[].name", "environments[].release",
		"environments[].rungs", "environments[].verdict", "failing", "kind", "rungs", "rungs[].current", "rungs[].findings",
		"rungs[].id", "rungs[].object", "rungs[].revision", "rungs[].since", "rungs[].state", "rungs[].summary",
		"subject", "subject.component", "subject.namespace", "subject.project", "takenAt", "verdict", "wanted", "wanted.from", "wanted.revision",
	}
	var have []string
	for _, f := range fields("", got) {
		deep := strings.HasPrefix(f, "failing.") || strings.HasPrefix(f, "environments[].rungs[]") || strings.HasPrefix(f, "rungs[].findings[]") || strings.HasPrefix(f, "rungs[].object.")
		if !deep && !slices.Contains(have, f) {
			have = append(have, f)
		}
	}
	slices.Sort(have)
	slices.Sort(want)
	if diff := cmp.Diff(want, have); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if got["apiVersion"] != "kubectl-choreo.dev/v1alpha1" || got["kind"] != "Trace" || got["verdict"] != "Failed" || got["current"] != true {
		t.Errorf("%v %v %v %v", got["apiVersion"], got["kind"], got["verdict"], got["current"])
	}
}

func fields(prefix string, v any) []string {
	var all []string
	switch v := v.(type) {
	case map[string]any:
		for k, inner := range v {
			all = append(all, prefix+k)
			all = append(all, fields(prefix+k+".", inner)...)
		}
	case []any:
		for _, inner := range v {
			all = append(all, fields(strings.TrimSuffix(prefix, ".")+"[].", inner)...)
		}
	}
	return all
}

func TestYAMLSaysWhatJSONSays(t *testing.T) {
	t.Parallel()
	fromYAML, err := yaml.YAMLToJSON([]byte(print(t, "yaml", Options{}, failedPull())))
	if err != nil {
		t.Fatal(err)
	}
	var a, b any
	if err := json.Unmarshal(fromYAML, &a); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(print(t, "json", Options{}, failedPull())), &b); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(b, a); diff != "" {
		t.Errorf("(-json +yaml)\n%s", diff)
	}
}

func TestZeroTraceIsUnknown(t *testing.T) {
	t.Parallel()
	for _, format := range Formats() {
		out := print(t, format, Options{Width: 80}, &trace.Trace{})
		if strings.Contains(out, "ealthy") || (!strings.Contains(out, "Unknown") && !strings.Contains(out, "Could not decide")) {
			t.Errorf("%s:\n%s", format, out)
		}
	}
}

const hostile = "\x1b[2J\x1b]0;owned\a ok\r\nsecond line\t\u202egnp.exe\u2066 \u200b日本語 שלום e\u0301 \xff\x00"

func TestHostileTextIsHarmless(t *testing.T) {
	t.Parallel()
	tr := poisoned(hostile)
	for _, format := range Formats() {
		out := print(t, format, Options{Width: 80, Marks: true}, tr)
		checkHarmless(t, format, out)
		if format != "yaml" && format != "json" && !strings.Contains(out, "日本語 שלום e\u0301") {
			t.Errorf("%s: wide, right-to-left or combined text was changed:\n%s", format, out)
		}
	}
	if out := print(t, "tree", Options{}, tr); !strings.Contains(out, `\x1b[2J\x1b]0;owned\x07 ok`) || !strings.Contains(out, `\u202egnp.exe`) {
		t.Errorf("control sequences are not shown as text:\n%s", out)
	}
}

// poisoned puts text in every place where a cluster can.
func poisoned(text string) *trace.Trace {
	tr := failedPull()
	ref := facts.Ref{Plane: facts.Plane(text), Group: text, Kind: text, Namespace: text, Name: text}
	f := trace.Finding{
		Code: "Hostile", Severity: trace.Error, Object: ref, Message: text, Hint: text, Next: []string{text},
		Evidence: []trace.Evidence{{Path: trace.LogEvidence + text, Value: text}}, Path: []facts.Ref{ref},
	}
	rung := trace.Rung{
		ID: trace.RungPod, State: trace.Failed, Current: trace.Behind, Revision: text, Object: ref, Summary: text,
		Findings: []trace.Finding{f, {Severity: trace.Warning, Message: text}}, Parts: []trace.Part{{Object: ref, Summary: text, Revision: text}},
	}
	tr.Subject = facts.Subject{Namespace: text, Project: text, Component: text}
	tr.Wanted = trace.Wanted{Revision: text + "@sha1:" + text}
	tr.Failing = &trace.Failure{Rung: trace.RungPod, Environment: text, Finding: f}
	tr.Rungs = []trace.Rung{rung}
	tr.Environments = []trace.Environment{{Name: text, Verdict: trace.VerdictFailed, Rungs: []trace.Rung{rung, rung}, Failing: tr.Failing}}
	return tr
}

func checkHarmless(t *testing.T, format, out string) {
	t.Helper()
	if !utf8.ValidString(out) {
		t.Errorf("%s: the output is no UTF-8", format)
	}
	for _, r := range out {
		if r != '\n' && invisible(r) {
			t.Errorf("%s: the output holds %U", format, r)
			return
		}
	}
}

func FuzzTree(f *testing.F) {
	f.Add(hostile, 80)
	f.Add(strings.Repeat("long ", 2000), 20)
	f.Add("\u0085\u2028\U000e0001", 0)
	f.Fuzz(func(t *testing.T, text string, width int) {
		for _, format := range Formats() {
			checkHarmless(t, format, print(t, format, Options{Width: width % 300, Marks: true}, poisoned(text)))
		}
	})
}

func TestWrap(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		text  string
		width int
		want  []string
	}{
		"Fits":          {"a b", 3, []string{"a b"}},
		"Breaks":        {"aa bb cc", 5, []string{"aa bb", "cc"}},
		"LongWordWhole": {"a https://example.com/x b", 5, []string{"a", "https://example.com/x", "b"}},
		"WideRunes":     {"日本 日本", 5, []string{"日本", "日本"}},
		"Unlimited":     {"a b c", 0, []string{"a b c"}},
		"Empty":         {"", 5, []string{""}},
	} {
		if diff := cmp.Diff(c.want, wrap(c.text, c.width)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

func TestUnknownFormat(t *testing.T) {
	t.Parallel()
	if _, err := New("xml", Options{}); err == nil || !strings.Contains(err.Error(), "dot, html, json, mermaid, tree, wide, yaml") {
		t.Errorf("error %v", err)
	}
}
