package reconcile

import (
	"fmt"
	"testing"
	"time"

	"github.com/fluxcd/pkg/apis/meta"

	"github.com/kubectl-choreo/kubectl-choreo/internal/engine"
	"github.com/kubectl-choreo/kubectl-choreo/internal/engines"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// version is a Kustomization at one resourceVersion, with the value of the annotation and the one that was acknowledged.
type version struct {
	number               int
	annotation, answered string
}

func (v version) object(t *testing.T) facts.Object {
	t.Helper()
	o := kustomization(t, "a", oldRevision)
	o.Body.SetResourceVersion(fmt.Sprint(v.number))
	if v.annotation != "" {
		o.Body.SetAnnotations(map[string]string{meta.ReconcileRequestAnnotation: v.annotation})
	}
	return set(t, o, v.answered, "status", "lastHandledReconcileAt")
}

// TestOnlyARunThatBeganAfterThePatchCounts: the patch is version 10, and sets "ours".
func TestOnlyARunThatBeganAfterThePatchCounts(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		before, after version
		seen          []version
		want          bool
	}{
		"Nothing":           {version{9, "x", "x"}, version{10, "ours", "x"}, nil, false},
		"Ours":              {version{9, "x", "x"}, version{10, "ours", "x"}, []version{{11, "ours", "ours"}}, true},
		"AnEchoFromBefore":  {version{9, "x", "w"}, version{10, "ours", "x"}, []version{{9, "x", "x"}}, false},
		"EchoesFromBefore":  {version{9, "x", "w"}, version{10, "ours", "x"}, []version{{8, "v", "w"}, {9, "x", "x"}, {10, "ours", "x"}}, false},
		"WhatStoodThere":    {version{9, "x", "w"}, version{10, "ours", "w"}, []version{{11, "ours", "x"}}, false},
		"UnknownAndEarlier": {version{8, "w", "w"}, version{10, "ours", "w"}, []version{{11, "ours", "x"}}, false},
		"ForeignAndLater":   {version{9, "x", "x"}, version{10, "ours", "x"}, []version{{11, "theirs", "x"}, {12, "theirs", "theirs"}}, true},
		"ForeignNotAnswered": {
			version{9, "x", "w"},
			version{10, "ours", "w"},
			[]version{{11, "theirs", "w"}, {12, "theirs", "x"}},
			false,
		},
		"ForeignOverwrittenAgain": {
			version{9, "x", "x"},
			version{10, "ours", "x"},
			[]version{{11, "theirs", "x"}, {12, "theirs2", "x"}, {13, "theirs3", "theirs"}},
			true,
		},
		// Its value was never seen on the annotation, but one object has one run at a time.
		"TheSecondAnswerSinceThePatch": {
			version{9, "x", "w"},
			version{10, "ours", "w"},
			[]version{{11, "theirs", "x"}, {15, "theirs5", "theirs3"}},
			true,
		},
		"ForeignIsAConstant": {version{9, "x", "x"}, version{10, "ours", "x"}, []version{{11, "x", "x"}}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			q := newRequest(engine.Request{Key: meta.ReconcileRequestAnnotation, Value: "ours"}, c.before.object(t), c.after.object(t), noon)
			last := c.after.object(t)
			q.observe(last)
			for _, v := range c.seen {
				last = v.object(t)
				q.observe(last)
			}
			if got := q.answered(last); got != c.want {
				t.Errorf("answered: %v, want %v", got, c.want)
			}
		})
	}
}

func TestARemovedAnnotationIsNoticed(t *testing.T) {
	t.Parallel()
	before, after := version{9, "x", "w"}, version{10, "ours", "w"}
	for name, c := range map[string]struct {
		seen version
		want bool
	}{
		"Stands":   {version{11, "ours", "w"}, false},
		"Gone":     {version{11, "", "w"}, true},
		"SetBack":  {version{11, "x", "w"}, true},
		"Foreign":  {version{11, "theirs", "w"}, false},
		"AnEcho":   {version{9, "x", "w"}, false},
		"Answered": {version{11, "w", "w"}, true},
	} {
		q := newRequest(engine.Request{Key: meta.ReconcileRequestAnnotation, Value: "ours"}, before.object(t), after.object(t), noon)
		if got := q.removed(c.seen.object(t)); got != c.want {
			t.Errorf("%s: removed %v, want %v", name, got, c.want)
		}
	}
}

func TestArgoCDAnswersByTakingTheAnnotationAway(t *testing.T) {
	t.Parallel()
	refresh := engines.All().Request(facts.Ref{Group: kinds.ArgoCD, Kind: "Application"}, "token")
	app := func(number, value, compared string) facts.Object {
		o := object(t, `{apiVersion: argoproj.io/v1alpha1, kind: Application, metadata: {namespace: argocd, name: a, resourceVersion: "`+number+`"}, status: {reconciledAt: "`+compared+`"}}`)
		if value != "" {
			o.Body.SetAnnotations(map[string]string{refresh.Key: value})
		}
		return o
	}
	before, after := app("9", "", "2026-11-21T11:00:00Z"), app("10", "normal", "2026-11-21T11:00:00Z")
	q := newRequest(refresh, before, after, noon)
	for name, c := range map[string]struct {
		seen facts.Object
		want bool
	}{
		"Stands":             {after, false},
		"AnEcho":             {before, false},
		"WithinOneSecond":    {app("11", "", "2026-11-21T11:00:00Z"), true},
		"Compared":           {app("11", "", "2026-11-21T12:00:01Z"), true},
		"ComparedAndRefused": {app("11", "normal", "2026-11-21T12:00:01Z"), false},
	} {
		if got := q.answered(c.seen); got != c.want {
			t.Errorf("%s: answered %v, want %v", name, got, c.want)
		}
	}
}

func TestZeroValuesArePessimistic(t *testing.T) {
	t.Parallel()
	if older("", "5") || older("5", "") || !older("9", "10") || older("10", "9") || older("10", "10") {
		t.Error("resourceVersions are not compared as numbers")
	}
	if (Result{}).Good() || Unknown.Good() || Unknown.Settled() {
		t.Error("nothing counts as good")
	}
	if a, b := newToken(noon), newToken(noon); len(a) != len("2026-11-21T12:00:00Z-0123") || a[:20] != noon.Format(time.RFC3339) || a[20] != '-' || len(b) != len(a) {
		t.Errorf("tokens %s, %s", a, b)
	}
}
