package html

import (
	"bytes"
	"io"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	nethtml "golang.org/x/net/html"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/printerstest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/escape"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/style"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// elements reads a page as a browser does, and returns its elements, their attributes and its text.
func elements(t *testing.T, page string) (names, attributes []string, text string) {
	t.Helper()
	var said strings.Builder
	for z := nethtml.NewTokenizer(strings.NewReader(page)); ; {
		kind := z.Next()
		token := z.Token()
		switch kind {
		case nethtml.ErrorToken:
			if z.Err() != io.EOF { //nolint:errorlint // the tokenizer returns it as it is
				t.Fatal(z.Err())
			}
			return names, attributes, said.String()
		case nethtml.TextToken:
			said.WriteString(token.Data)
		case nethtml.StartTagToken, nethtml.SelfClosingTagToken:
			names = append(names, token.Data)
			for _, a := range token.Attr {
				attributes = append(attributes, a.Key)
			}
		case nethtml.EndTagToken, nethtml.CommentToken, nethtml.DoctypeToken:
		}
	}
}

// seenWith is a Snapshot of the object of poisoned, with text in all that a page shows of it.
func seenWith(text string) *facts.Snapshot {
	ref := facts.Ref{Plane: facts.Plane(text), Group: text, Kind: text, Namespace: text, Name: text}
	s := facts.New(facts.Subject{}, printerstest.Now)
	s.Masked = []string{text}
	put := func(ref facts.Ref, body map[string]any) {
		s.Put(facts.Object{Ref: ref, Outcome: facts.Found, Body: &unstructured.Unstructured{Object: body}})
	}
	put(ref, map[string]any{"spec": map[string]any{text: text}, "status": map[string]any{"conditions": []any{
		map[string]any{"type": text, "status": text, "reason": text, "message": text, "lastTransitionTime": "2026-11-21T03:59:00Z"},
	}}})
	put(facts.Ref{Plane: ref.Plane, Kind: "Event", Name: "e"}, map[string]any{
		"involvedObject": map[string]any{"kind": text, "name": text, "namespace": text}, "reason": text, "message": text,
	})
	s.PutLog(facts.Log{Query: facts.LogQuery{Pod: ref, Container: text, Previous: true}, Outcome: facts.Found, Lines: []string{text, "::error::x"}})
	return s
}

func TestHTMLTakesHostileTextAsText(t *testing.T) {
	t.Parallel()
	plain, plainAttributes, _ := elements(t, printHTML(t, style.Options{Snapshot: seenWith("plain")}, printerstest.Poisoned("plain")))
	for _, text := range []string{printerstest.Markup, printerstest.Hostile, printerstest.Nasty} {
		page := printHTML(t, style.Options{Snapshot: seenWith(text)}, printerstest.Poisoned(text))
		printerstest.CheckHarmless(t, "html", page)
		if printerstest.RunnerCommand.MatchString(page) {
			t.Errorf("%q is a command to a runner", printerstest.RunnerCommand.FindString(page))
		}
		names, attributes, said := elements(t, page)
		for _, name := range names {
			if !slices.Contains(plain, name) {
				t.Errorf("%q made an element: %s", text, name)
			}
		}
		for _, a := range attributes {
			if !slices.Contains(plainAttributes, a) {
				t.Errorf("%q made an attribute: %s", text, a)
			}
		}
		if !strings.Contains(said, escape.Line(text)) {
			t.Errorf("%q is not shown", text)
		}
	}
}

func TestHTMLDoesNothing(t *testing.T) {
	t.Parallel()
	page := printHTML(t, style.Options{Snapshot: seenWith("plain")}, printerstest.FailedPull())
	names, attributes, _ := elements(t, page)
	for _, name := range []string{"script", "link", "img", "iframe", "object", "form", "base"} {
		if slices.Contains(names, name) {
			t.Errorf("there is an element %s", name)
		}
	}
	for _, a := range attributes {
		if strings.HasPrefix(a, "on") || a == "style" || a == "src" {
			t.Errorf("there is an attribute %s", a)
		}
	}
	if !strings.Contains(page, "default-src &#39;none&#39;") || strings.Contains(page, "unsafe") || strings.Contains(htmlStyle, "url(") {
		t.Error("the policy is not strict")
	}
}

func TestHTMLShowsWhatTheJudgementRestsOn(t *testing.T) {
	t.Parallel()
	tr := printerstest.FailedPull()
	pod := tr.Failing.Object
	s := facts.New(facts.Subject{}, printerstest.Now)
	s.Put(facts.Object{Ref: pod, Outcome: facts.Found, Body: &unstructured.Unstructured{Object: map[string]any{
		"spec":   map[string]any{"nodeName": "node-7"},
		"status": map[string]any{"conditions": []any{map[string]any{"type": "Ready", "status": "False", "reason": "ContainersNotReady"}}},
	}}})
	for i, message := range []string{"older", "newer"} {
		s.Put(facts.Object{Ref: facts.Ref{Plane: pod.Plane, Kind: "Event", Name: message}, Outcome: facts.Found, Body: &unstructured.Unstructured{Object: map[string]any{
			"involvedObject": map[string]any{"kind": "Pod", "namespace": pod.Namespace, "name": pod.Name}, "type": "Warning", "reason": "BackOff", "message": message,
			"lastTimestamp": printerstest.Now.Add(time.Duration(i) * time.Second).Format(time.RFC3339),
		}}})
	}
	s.PutLog(facts.Log{Query: facts.LogQuery{Pod: pod, Container: "main", Previous: true}, Outcome: facts.Found, Lines: []string{"panic:", "\tat main"}})
	_, _, text := elements(t, printHTML(t, style.Options{Snapshot: s}, tr))
	at := 0
	for _, want := range []string{
		"Fix first: pod (development)", "ImagePullBackOff, error: Pod dp-demo/greeter-1, on data plane eu, since\u00a02026-11-21 03:56:00 UTC (4m)", "A wrong name or tag.", "Last lines of the log of main:", "one\ntwo",
		"kubectl describe pod greeter-1", "ImagePullBackOff: meaning, causes and fix", "Causes", "ImagePullBackOff in the documentation", "Also 1 warning: Forbidden.", "All environments", "source ok", "delivery unknown", "1 warning",
		"development ✗ failed", "pod failed", "ContainersNotReady", "newer", "older", "Log of main, of the run before", "panic:\n    at main", "nodeName: node-7",
		"production ‖ not deployed", "When each rung last changed", "source", "2026-11-21 03:58:00 UTC (2m)", "No time is recorded for: delivery; binding (production).",
	} {
		found := strings.Index(text[at:], want)
		if found < 0 {
			t.Fatalf("%q does not follow:\n%s", want, text[at:])
		}
		at += found
	}
}

// TestHTMLShowsFailedObjectsFirst: somebody looks for the pod that crashes, not for the one that the last release left.
func TestHTMLShowsFailedObjectsFirst(t *testing.T) {
	t.Parallel()
	part := func(name string, state trace.State) trace.Part {
		return trace.Part{Object: facts.Ref{Kind: "Pod", Name: name}, State: state, Summary: "as it is", Live: true}
	}
	rung := trace.Rung{ID: trace.RungPod, Parts: []trace.Part{
		part("runs", trace.OK), part("crashes", trace.Failed), part("waits", trace.Progressing), part("crashes-too", trace.Failed),
	}}
	var names []string
	shown, folds := (html{}).objects(rung)
	for _, o := range shown {
		names = append(names, strings.TrimPrefix(o.Name, "Pod "))
	}
	if len(folds) != 1 || folds[0].Line != "1 ok: Pod" || len(folds[0].Objects) != 1 {
		t.Errorf("the pod that runs is not folded: %+v", folds)
	}
	if diff := cmp.Diff([]string{"crashes", "crashes-too", "waits"}, names); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestFolds: of many objects of one state the first are shown in full, and those that are OK make one line with their count.
func TestFolds(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		failed, ok, shown int
		want              []string
	}{
		"OneHealthy":       {0, 1, 1, nil},
		"FiveHealthy":      {0, 5, 5, nil},
		"FortyHealthy":     {0, 40, 0, []string{"40 ok: Pod, Job"}},
		"OneOfFortyFails":  {1, 39, 1, []string{"39 ok: Pod, Job"}},
		"OneBesideHealthy": {1, 1, 1, []string{"1 ok: Pod"}},
		"FourFail":         {4, 0, 4, nil},
		"AllFail":          {40, 0, 3, []string{"37 more failed: Job, Pod"}},
	} {
		rung := trace.Rung{ID: trace.RungPod}
		for i := range c.failed + c.ok {
			part := trace.Part{Object: facts.Ref{Kind: []string{"Pod", "Job"}[i%2], Name: strconv.Itoa(i)}, State: trace.OK, Summary: "as it is", Live: true}
			if i >= c.ok {
				part.State = trace.Failed
			}
			rung.Parts = append(rung.Parts, part)
		}
		shown, folds := (html{}).objects(rung)
		var got []string
		all := len(shown)
		for _, f := range folds {
			got = append(got, f.Line)
			all += len(f.Objects)
		}
		if diff := cmp.Diff(c.want, got); diff != "" || len(shown) != c.shown || all != c.failed+c.ok {
			t.Errorf("%s: %d shown, %d in all (-want +got)\n%s", name, len(shown), all, diff)
		}
	}
}

// TestHTMLSaysWhyItShowsNothing: what was not seen is not shown as empty.
func TestHTMLSaysWhyItShowsNothing(t *testing.T) {
	t.Parallel()
	for outcome, want := range map[facts.Outcome]string{
		facts.NotAsked: "Not shown: not read", facts.Absent: "Not shown: not found", facts.Forbidden: "Not shown: forbidden: denied",
		facts.NoKind: "Not shown: the cluster does not serve this kind", facts.Unreachable: "Not shown: no answer", facts.Found: "Not shown: no answer: it was found without a body",
	} {
		tr := printerstest.FailedPull()
		s := facts.New(facts.Subject{}, printerstest.Now)
		o := facts.Object{Ref: tr.Failing.Object, Outcome: outcome}
		if outcome == facts.Forbidden {
			o.Reason = "denied"
		}
		s.Put(o)
		if page := printHTML(t, style.Options{Snapshot: s}, tr); !strings.Contains(page, want) {
			t.Errorf("%s: the page does not say %q", outcome, want)
		}
	}
}

func TestMoments(t *testing.T) {
	t.Parallel()
	all, timeless := html{style.Options{Now: printerstest.Now}}.moments(&trace.Trace{Rungs: []trace.Rung{
		{ID: trace.RungGit}, {ID: trace.RungSource, Since: printerstest.Now.Add(-90 * 24 * time.Hour)}, {ID: trace.RungProject, Since: printerstest.Now}, {ID: trace.RungComponent, Since: printerstest.Now.Add(time.Hour)},
	}})
	var out bytes.Buffer
	for _, m := range all {
		out.WriteString(m.Place + " " + m.X + " " + m.Since.Age + "\n")
	}
	if want := "component 96.0% 0s\nproject 96.0% 0s\nsource 4.0% 90d\n"; out.String() != want || len(timeless) != 1 {
		t.Errorf("%s%v, want %s", out.String(), timeless, want)
	}
}

func printHTML(t *testing.T, o style.Options, tr *trace.Trace) string {
	t.Helper()
	o.Now = printerstest.Now
	return printerstest.Written(t, func(w io.Writer) error { return Write(w, tr, o) })
}
