package collect

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/factstest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// TestHistoryRequests: a history takes the releases, the ReplicaSets of each environment, and the events about what delivers the component;
// nothing is read again.
func TestHistoryRequests(t *testing.T) {
	t.Parallel()
	c, subject := recorded(t, "release-not-promoted")
	s := collect(t, c, subject)
	before := len(c.asked)
	if err := History(t.Context(), c, s); err != nil {
		t.Fatal(err)
	}
	counts := map[string]int{}
	for _, asked := range c.asked[before:] {
		words := strings.Fields(asked)
		counts[words[0]+" "+words[1]]++
	}
	// Two Kustomizations apply the component and its environments, from one source. Both releases and their table were read by the trace: the
	// Workload differs from the pinned one.
	want := map[string]int{"LIST Event": 3, "LIST ReplicaSet": 2}
	if diff := cmp.Diff(want, counts); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if err := History(t.Context(), c, s); err != nil || len(c.asked) != before+5 {
		t.Errorf("requested again: %v, %v", c.asked[before:], err)
	}
}

// TestHistoryOfManyReleases: of many releases, the newest ten are read.
func TestHistoryOfManyReleases(t *testing.T) {
	t.Parallel()
	c, subject := recorded(t, "healthy")
	release := facts.Object{}
	for _, o := range factstest.Scenario(t, "healthy").Objects() {
		if o.Ref.Kind == "ComponentRelease" {
			release = o
		}
	}
	for n := range 14 {
		more := facts.Object{Ref: release.Ref, Outcome: facts.Found, Body: release.Body.DeepCopy()}
		more.Ref.Name = "greeter-service-20261122-" + string(rune('1'+n/10)) + string(rune('0'+n%10))
		more.Body.SetName(more.Ref.Name)
		c.objects = append(c.objects, more)
	}
	s := collect(t, c, subject)
	before := len(c.asked)
	if err := History(t.Context(), c, s); err != nil {
		t.Fatal(err)
	}
	var read []string
	for _, asked := range c.asked[before:] {
		if name, found := strings.CutPrefix(asked, "GET ComponentRelease healthy/greeter-service-20261122-"); found {
			read = append(read, name)
		}
	}
	if len(read) != maxReleases || strings.Contains(strings.Join(read, " "), "13") || !strings.Contains(strings.Join(read, " "), "23") {
		t.Errorf("read %v", read)
	}
}
