package html

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/printerstest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/style"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// TestFailures: what to fix first, and what fails elsewhere, each with a link to its rung. The anchor of an environment is its number.
func TestFailures(t *testing.T) {
	t.Parallel()
	failure := func(rung trace.RungID, environment string) *trace.Failure {
		return &trace.Failure{Rung: rung, Environment: environment, Finding: trace.Finding{Code: "X"}}
	}
	environments := func(dev, prod *trace.Failure) []trace.Environment {
		return []trace.Environment{{Name: "dev", Failing: dev}, {Name: "prod", Failing: prod}, {Name: ""}}
	}
	for name, c := range map[string]struct {
		trace trace.Trace
		want  []string
	}{
		"None":   {trace.Trace{Environments: environments(nil, nil)}, nil},
		"Shared": {trace.Trace{Failing: failure(trace.RungSource, ""), Environments: environments(nil, nil)}, []string{"source #source"}},
		"InOne":  {trace.Trace{Failing: failure(trace.RungPod, "prod"), Environments: environments(nil, failure(trace.RungPod, "prod"))}, []string{"pod (prod) #e1-pod"}},
		"InTwo":  {trace.Trace{Failing: failure(trace.RungPod, "dev"), Environments: environments(failure(trace.RungPod, "dev"), failure(trace.RungPod, "prod"))}, []string{"pod (dev) #e0-pod", "pod (prod) #e1-pod"}},
		"Both":   {trace.Trace{Failing: failure(trace.RungSource, ""), Environments: environments(failure(trace.RungCell, "dev"), nil)}, []string{"source #source", "cell (dev) #e0-cell"}},
	} {
		c.trace.Verdict = trace.VerdictFailed
		answer := html{}.answer(&c.trace)
		var got []string
		if answer.At != nil {
			got = append(got, answer.At.Name+" #"+answer.At.Link)
		}
		for _, f := range answer.Also {
			got = append(got, f.Name+" #"+f.Link)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

// TestUndecided: what could not be read stands in one sentence with its objects and one list of commands; an unknown rung with a cause of
// its own has a link, its finding and its commands.
func TestUndecided(t *testing.T) {
	t.Parallel()
	forbidden := trace.Finding{
		Code: trace.CodeForbidden, Object: pod("a"), Message: "cannot get pods", Evidence: []trace.Evidence{{Path: trace.UserEvidence, Value: "dora"}},
		NextSteps: []trace.NextStep{{Role: trace.RoleAdministrator, Command: "kubectl choreo rbac --for dora"}},
	}
	unreachable := trace.Finding{Code: trace.CodeUnreachable, Message: "no route to host", NextSteps: []trace.NextStep{{Role: trace.RoleDeveloper, Command: "kubectl get nodes"}}}
	tr := trace.Trace{Environments: []trace.Environment{{Name: "dev", Rungs: []trace.Rung{
		{ID: trace.RungPod, Findings: []trace.Finding{forbidden}}, {ID: trace.RungResource, Summary: "no answer", Findings: []trace.Finding{unreachable}},
	}}}}
	got := html{style.Options{Now: printerstest.Now}}.answer(&tr)
	if f := got.Finding; f != nil && (f.Object != "" || f.Message != nil) {
		t.Errorf("one of the refused reads stands for all: %+v", f)
	}
	if got.Title != "Unknown, not failed" || got.Finding == nil || got.Finding.Explained == nil || len(got.Rungs) != 1 {
		t.Fatalf("%+v", got)
	}
	lines := append(append(got.Sentences, got.Objects...), got.Finding.Next[0].Heading, got.Finding.Next[0].Lines[0])
	rung := got.Rungs[0]
	lines = append(lines, rung.Name+" #"+rung.Link, rung.Summary, rung.Findings[0].Message[0], rung.Findings[0].Next[0].Lines[0])
	want := []string{
		"1 read is forbidden for dora. Unknown: pod.", "get Pod shop/a, on data plane eu", "Next, as administrator, to print the roles to apply:", "kubectl choreo rbac --for dora",
		"resource (dev) #e0-resource", "no answer", "no route to host", "kubectl get nodes",
	}
	if diff := cmp.Diff(want, lines); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	page := printHTML(t, style.Options{}, &tr)
	if strings.Contains(page, "<pre class") || strings.Contains(page, "Next:  ") || strings.Count(page, `<code tabindex="0">kubectl get nodes</code>`) != 2 {
		t.Error("the page is a copy of the terminal, or a command is no block of its own")
	}
}

// TestProgressing: what a trace waits for has a link and a time.
func TestProgressing(t *testing.T) {
	t.Parallel()
	tr := trace.Trace{Verdict: trace.VerdictProgressing, Rungs: []trace.Rung{{ID: trace.RungSource, State: trace.Progressing, Summary: "fetches", Since: printerstest.Now}, {ID: trace.RungProject, State: trace.Progressing}}}
	got := html{style.Options{Now: printerstest.Now}}.answer(&tr)
	if len(got.Rungs) != 1 || got.Rungs[0].Link != "source" || got.Rungs[0].Since.Human != "2026-11-21 04:00:00 UTC" {
		t.Errorf("%+v", got)
	}
}

// TestExplanation: the page of a code, once for each code, in its parts. Its commands are blocks of their own.
func TestExplanation(t *testing.T) {
	t.Parallel()
	var got []string
	for _, b := range (html{style.Options{Program: "flux choreo"}}).explanation(string(trace.CodeCrashLoopBackOff)) {
		switch {
		case b.Heading != "":
			got = append(got, "# "+b.Heading)
		case b.Code != "":
			got = append(got, strings.Split("$ "+b.Code, "\n")...)
		case b.Items != nil:
			got = append(got, "items "+b.Items[2][1].Text+" "+b.Items[2][1].Page)
		}
	}
	want := []string{
		"# Meaning", "# Causes", "items ConnectionsPending " + style.FindingPage("ConnectionsPending"), "# Fix", "$ kubectl logs POD -c CONTAINER -n CELL_NAMESPACE --previous --tail=50", "kubectl describe pod POD -n CELL_NAMESPACE",
		"$ occ componentrelease generate --mode file-system --namespace NAMESPACE --project PROJECT --component COMPONENT",
		"occ releasebinding generate --mode file-system --project PROJECT --component COMPONENT --target-env ENVIRONMENT",
		"$ flux choreo reconcile COMPONENT -n NAMESPACE -e ENVIRONMENT --wait",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	twice := trace.Finding{Code: trace.CodeUnreachable}
	tr := trace.Trace{Rungs: []trace.Rung{{ID: trace.RungSource, Findings: []trace.Finding{twice}}, {ID: trace.RungDelivery, Findings: []trace.Finding{twice}}}}
	if page := printHTML(t, style.Options{}, &tr); strings.Count(page, "Unreachable: meaning, causes and fix") != 1 {
		t.Error("a code is not explained once")
	}
}

func TestSpans(t *testing.T) {
	t.Parallel()
	want := []htmlSpan{{Text: "Set "}, {Text: "spec.a b", Code: true}, {Text: ", see "}, {Text: "OOMKilled", Page: style.FindingPage("OOMKilled")}, {Text: ". Or not"}}
	if diff := cmp.Diff(want, spans("Set `spec.a b`, see OOMKilled. Or not")); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestLinks: an address of an endpoint is a link where it is http or https, and text where it is anything else.
func TestLinks(t *testing.T) {
	t.Parallel()
	for address, isLink := range map[string]bool{
		"https://shop.example/a?b=1&c=%22": true, "http://shop.example:8080": true, "javascript:alert(1)": false, "data:text/html,x": false,
		"https://user:pass@shop.example": false, "http://": false, "ftp://shop.example": false, `https://shop.example/"onclick=x`: true,
	} {
		tr := trace.Trace{Environments: []trace.Environment{{Name: "dev", Verdict: trace.VerdictHealthy, Rungs: []trace.Rung{{ID: trace.RungEndpoint, State: trace.OK, Summary: address}}}}}
		page := printHTML(t, style.Options{}, &tr)
		if got := strings.Contains(page, `<p class="address"><a class="said" href="http`); got != isLink {
			t.Errorf("%s is a link: %t", address, got)
		}
		if _, attributes, text := elements(t, page); strings.Contains(strings.Join(attributes, " "), "onclick") || !strings.Contains(text, address) {
			t.Errorf("%s is not text alone", address)
		}
	}
}

// TestTimes: each time is absolute, in UTC, for machines as well, with its age beside it.
func TestTimes(t *testing.T) {
	t.Parallel()
	page := printHTML(t, style.Options{}, printerstest.FailedPull())
	if want := `<time datetime="2026-11-21T03:56:00Z">2026-11-21 03:56:00 UTC</time> (4m)`; strings.Count(page, want) != 3 { // the answer, the rung, the table
		t.Errorf("%d times %s", strings.Count(page, want), want)
	}
}

// TestHealthyWithWarnings: the warnings that the result counts come with their commands, as findings and not as lines of a terminal.
func TestHealthyWithWarnings(t *testing.T) {
	t.Parallel()
	finding := func(code trace.Code) trace.Finding {
		return trace.Finding{Code: code, Severity: trace.Warning, Hint: "do it", NextSteps: []trace.NextStep{{Role: trace.RoleDeveloper, Command: "kubectl get pods"}}}
	}
	for name, c := range map[string]struct {
		current trace.Currency
		code    trace.Code
		want    []string
	}{
		"Current": {trace.Current, trace.CodeFieldDrift, []string{"Healthy in dev, 1 warning: FieldDrift.", "binding (dev) FieldDrift kubectl get pods"}},
		"Paused":  {trace.Behind, trace.CodeRolloutPaused, []string{"Healthy, but behind in dev, 1 warning: RolloutPaused.", "  Binding (dev) is behind.", "binding (dev) RolloutPaused kubectl get pods"}},
	} {
		rung := trace.Rung{ID: trace.RungBinding, State: trace.OK, Current: c.current, Findings: []trace.Finding{finding(c.code)}}
		answer := html{}.answer(&trace.Trace{
			Verdict: trace.VerdictHealthy, Current: c.current,
			Environments: []trace.Environment{{Name: "dev", Verdict: trace.VerdictHealthy, Rungs: []trace.Rung{rung}}},
		})
		got := answer.Sentences
		for _, r := range answer.Rungs {
			for _, f := range r.Findings {
				for _, group := range f.Next {
					got = append(got, strings.Join(append([]string{r.Name, f.Code}, group.Lines...), " "))
				}
			}
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}
