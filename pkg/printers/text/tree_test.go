package text

import (
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/printerstest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/style"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// TestHeadOfANarrowTree: what does not fit beside it comes below.
func TestHeadOfANarrowTree(t *testing.T) {
	t.Parallel()
	tr := printerstest.FailedPull()
	tr.Subject.Namespace = "a-namespace-with-a-long-name"
	head := strings.Split(printTree(t, style.Options{Marks: true, Width: 80}, tr), "\n")[:3]
	want := []string{"greeter   project demo, namespace a-namespace-with-a-long-name", "  wanted revision: main@7040926 (last fetched)", ""}
	if diff := cmp.Diff(want, head); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// The tree of FailedPull.
const (
	treeOf80Columns = `greeter   project demo, namespace default
  wanted revision: main@7040926 (last fetched)

  ✓ source       GitRepository flux-system/oc                7040926    2m
  ? delivery     not readable: forbidden
                 ! User "dora" cannot list kustomizations

  development  failed
  ✗ pod          greeter-1: ImagePullBackOff                            4m

  production  not deployed (no ReleaseBinding)

Failed at: pod (development)   ImagePullBackOff
  Pod dp-demo/greeter-1, on data plane eu, since 4m:
    Failed to pull image "greeter:1": not found
  last lines of the log of main:
    one
    two
  A wrong name or tag.
  Path: Deployment dp-demo/greeter, on data plane eu → Pod dp-demo/greeter-1, on
  data plane eu
  Next: kubectl describe pod greeter-1
        kubectl choreo explain ImagePullBackOff
  Also 1 warning: Forbidden.
`

	treeInASCII = `greeter   project demo, namespace default  wanted revision: main@7040926 (last fetched)

  ok          source       GitRepository flux-system/oc                7040926    2m
  unknown     delivery     not readable: forbidden
                           ! User "dora" cannot list kustomizations

  development  failed
  failed      pod          greeter-1: ImagePullBackOff                            4m

  production  not deployed (no ReleaseBinding)

Failed at: pod (development)   ImagePullBackOff
  Pod dp-demo/greeter-1, on data plane eu, since 4m:
    Failed to pull image "greeter:1": not found
  last lines of the log of main:
    one
    two
  A wrong name or tag.
  Path: Deployment dp-demo/greeter, on data plane eu -> Pod dp-demo/greeter-1, on data plane eu
  Next: kubectl describe pod greeter-1
        kubectl choreo explain ImagePullBackOff
  Also 1 warning: Forbidden.
`
)

func TestTree(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		options style.Options
		want    string
	}{
		"TerminalOf80Columns": {style.Options{Marks: true, Width: 80}, treeOf80Columns},
		"PipeInASCII":         {style.Options{ASCII: true}, treeInASCII},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(c.want, printTree(t, c.options, printerstest.FailedPull())); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestColourChangesNothingButColour(t *testing.T) {
	t.Parallel()
	plain := printTree(t, style.Options{Marks: true, Width: 80}, printerstest.FailedPull())
	colored := printTree(t, style.Options{Marks: true, Width: 80, Color: true}, printerstest.FailedPull())
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

func printTree(t *testing.T, o style.Options, tr *trace.Trace) string {
	t.Helper()
	o.Now = printerstest.Now
	return printerstest.Written(t, func(w io.Writer) error { return WriteTree(w, tr, o) })
}

// TestBehindIsMarkedOnce: the first rung that is behind, and the pods; what lies between them follows.
func TestBehindIsMarkedOnce(t *testing.T) {
	t.Parallel()
	rung := func(id trace.RungID, current trace.Currency) trace.Rung {
		return trace.Rung{ID: id, State: trace.OK, Current: current, Summary: string(id) + " is well", Findings: []trace.Finding{}}
	}
	environment := func(name string, release trace.Currency) trace.Environment {
		return trace.Environment{Name: name, Verdict: trace.VerdictHealthy, Rungs: []trace.Rung{
			rung(trace.RungRelease, release), rung(trace.RungBinding, trace.Behind), rung(trace.RungPod, trace.Behind), rung(trace.RungEndpoint, trace.Behind),
		}}
	}
	for name, c := range map[string]struct {
		shared trace.Currency
		want   []string
	}{
		"InAnEnvironment": {trace.Current, []string{"binding", "pod", "release", "pod"}},
		"BeforeIt":        {trace.Behind, []string{"delivery", "pod", "pod"}},
	} {
		var out strings.Builder
		all := &trace.Trace{
			Rungs:        []trace.Rung{rung(trace.RungSource, trace.Current), rung(trace.RungDelivery, c.shared), rung(trace.RungWorkload, c.shared)},
			Environments: []trace.Environment{environment("development", trace.Current), environment("staging", trace.Behind)},
		}
		if err := WriteTree(&out, all, style.Options{}); err != nil {
			t.Fatal(err)
		}
		var got []string
		for line := range strings.Lines(out.String()) {
			if words := strings.Fields(line); len(words) > 2 && words[0] == "ok" && words[len(words)-1] == "behind" {
				got = append(got, words[1])
			}
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s\n%s", name, diff, out.String())
		}
	}
}

// TestBlockedBySharedRung: of an environment that fails without a failed row of its own, the first line names the row.
func TestBlockedBySharedRung(t *testing.T) {
	t.Parallel()
	for state, want := range map[trace.State]string{trace.Blocked: "  dev  failed: blocked by component\n", trace.Failed: "  dev  failed\n"} {
		tr := &trace.Trace{
			Verdict: trace.VerdictFailed, Failing: &trace.Failure{Rung: trace.RungComponent},
			Environments: []trace.Environment{{Name: "dev", Verdict: trace.VerdictFailed, Rungs: []trace.Rung{{ID: trace.RungBinding, State: state}}}},
		}
		if got := printTree(t, style.Options{}, tr); !strings.Contains(got, want) {
			t.Errorf("%q is not in\n%s", want, got)
		}
	}
}
