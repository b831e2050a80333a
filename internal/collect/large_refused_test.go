package collect

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/kubectl-choreo/kubectl-choreo/internal/engines"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/assess"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// refusing is a cluster that fails some list requests.
type refusing struct {
	*cluster
	breaksOff func(facts.Query) bool
}

func (r refusing) List(ctx context.Context, q facts.Query) (facts.List, []facts.Object) {
	if r.breaksOff(q) {
		return facts.List{Query: q, Outcome: facts.Unreachable, Reason: "timed out"}, nil
	}
	return r.cluster.List(ctx, q)
}

func (r refusing) Search(ctx context.Context, q facts.Query, keep func(facts.Encoded) (facts.Object, bool)) (facts.List, []facts.Object) {
	if r.breaksOff(q) {
		return facts.List{Query: q, Outcome: facts.Unreachable, Reason: "timed out"}, nil
	}
	return r.cluster.Search(ctx, q, keep)
}

// TestLargeClusterWithoutLabels: if no label names an applier, only an inventory shows whether one applies the object.
func TestLargeClusterWithoutLabels(t *testing.T) {
	t.Parallel()
	crowded := func() (*cluster, facts.Subject) {
		c, subject := recorded(t, "healthy")
		for _, o := range c.objects {
			if o.Outcome == facts.Found && len(engines.All().AppliedBy(o)) > 0 && o.Ref.Group == kinds.OpenChoreo {
				o.Body.SetLabels(nil)
			}
		}
		c.crowd(subject.Namespace)
		return c, subject
	}
	c, subject := crowded()
	if got := assess.Assess(collect(t, c, subject), takenAt()); got.Rungs[2].Object.Kind != "Kustomization" {
		t.Errorf("all are read, but its applier is %+v", got.Rungs[2])
	}
	c, subject = crowded()
	all := func(q facts.Query) bool { return q.Kind == "Kustomization" && q.Limit == 0 }
	got := assess.Assess(collect(t, refusing{c, all}, subject), takenAt())
	if got.Verdict == trace.VerdictHealthy || strings.Contains(fmt.Sprint(got.Rungs), "by hand") {
		t.Errorf("what could not be read is taken for absent: %s %+v", got.Verdict, got.Rungs)
	}
}

// TestLargeClusterWithoutTables expects that an object of an unavailable table is not reported as absent.
func TestLargeClusterWithoutTables(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		breaksOff func(facts.Query) bool
		change    func(*cluster)
		want      trace.Verdict
		never     string
	}{
		"Cells": {
			func(q facts.Query) bool { return q.Kind == "ProjectReleaseBinding" && q.Owner != "" },
			func(c *cluster) { c.rename("ProjectReleaseBinding", "demo-staging", "cell") }, trace.VerdictUnknown, "ProjectReleaseBindingNotFound",
		},
		"Environments": {
			func(q facts.Query) bool { return q.Kind == "Environment" && q.Names },
			func(*cluster) {}, trace.VerdictHealthy, "PipelineEnvironmentNotFound",
		},
	} {
		c, subject := recorded(t, "healthy")
		test.change(c)
		c.crowd(subject.Namespace)
		got := assess.Assess(collect(t, refusing{c, test.breaksOff}, subject), takenAt())
		if said := asJSON(t, got); got.Verdict != test.want || strings.Contains(said, test.never) {
			t.Errorf("%s: %s, want %s without %s: %s", name, got.Verdict, test.want, test.never, said)
		}
	}
}
