package operators

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/test/lab/suite"
)

func contains(s, part string) bool { return strings.Contains(s, part) }

// TestArgoCD breaks components that Applications deliver.
func TestArgoCD(t *testing.T) {
	needs(t, "Argo CD")
	for _, d := range append(syncs(), sources()...) {
		t.Run(d.Name, d.run)
	}
}

func blamed(code, application, message string) suite.Want {
	return failed("delivery", "", code, "Application", application, message)
}

// syncs: what is compared, and what the sync of it comes to.
func syncs() []delivered {
	return []delivered{
		{Scenario: suite.Scenario{Name: "argo-synced", Fault: "none: an Application delivers the component", Want: healthy()}},
		{
			Scenario: suite.Scenario{
				Name: "argo-health-lies", Fault: "a pod crashes, and Argo CD knows nothing of the health of OpenChoreo's kinds",
				Want: failed("pod", "development", "CrashLoopBackOff", "Pod", "*", "container main ended with exit code 1"),
			},
			tag: "crash",
		},
		{
			Scenario: suite.Scenario{Name: "argo-paused", Fault: "an annotation pauses the Application", Want: worth("ApplierPaused"), Fix: []string{"kubectl annotate"}},
			then: func(ctx context.Context, a *app) error {
				return shared.Lab.Patch(ctx, a.object, `{"metadata":{"annotations":{"argocd.argoproj.io/skip-reconcile":"true"}}}`)
			},
		},
		{
			Scenario: suite.Scenario{
				Name: "argo-sync-retries", Fault: "a commit edits a ComponentRelease, which is immutable, and Argo CD retries the sync",
				Want: blamed("ApplicationSyncFailed", "argo-sync-retries", "spec.workload is immutable"),
			},
			then: editRelease,
		},
		{
			Scenario: suite.Scenario{
				Name: "argo-sync-outdated", Fault: "the commit that edits a ComponentRelease was reverted, and Argo CD still retries the sync of it",
				Want: suite.Want{Exit: 3, Verdict: "Progressing", Progressing: "delivery", Finding: "ApplicationSyncFailed", Contains: "terminate-op"},
			},
			then: revertWhileRetrying,
		},
		{
			Scenario: suite.Scenario{
				Name: "argo-sync-failed", Fault: "the API server refuses an object of the Application, and all retries have failed",
				Want: blamed("ApplicationSyncFailed", "argo-sync-failed", "spec.workload is immutable"),
			},
			policy: automated + ", retry: {limit: 1, backoff: {duration: 1s}}", then: failSync,
		},
		{
			Scenario: suite.Scenario{Name: "argo-sync-terminated", Fault: "the commit that edits a ComponentRelease was reverted, and the sync of it was terminated", Want: healthy()},
			then:     terminateAfterRevert,
		},
		{
			Scenario: suite.Scenario{Name: "argo-field-pruned", Fault: "a commit adds a field that the API server drops", Want: blamed("ApplicationOutOfSync", "argo-field-pruned", "Component TENANT/argo-field-pruned")},
			then:     addUnknownField,
		},
		{
			Scenario: suite.Scenario{Name: "argo-out-of-sync", Fault: "an Application without automated sync is out of sync, and no sync was requested", Want: blamed("ApplicationOutOfSync", "argo-out-of-sync", "ReleaseBinding TENANT/argo-out-of-sync-development")},
			then:     releaseWithoutSync,
		},
		{
			Scenario: suite.Scenario{Name: "argo-hook-waits", Fault: "a hook before the sync does not end: the registry has no such image", Want: suite.Want{Exit: 3, Verdict: "Progressing", Progressing: "delivery", Finding: "ApplicationSyncFailed", Contains: "waits for the completion of hook"}},
			then:     addHook,
		},
	}
}

// sources: what Argo CD cannot read or compare.
func sources() []delivered {
	return []delivered{
		{
			Scenario: suite.Scenario{Name: "argo-comparison-error", Fault: "the path of the Application is not in its repository", Want: blamed("ApplicationComparisonError", "argo-comparison-error", "app path does not exist")},
			then: func(ctx context.Context, a *app) error {
				return a.patch(ctx, `{"spec":{"source":{"path":"apps/ghost"}}}`)
			},
		},
		{
			Scenario: suite.Scenario{Name: "argo-revision-unknown", Fault: "the Application follows a branch that does not exist", Want: blamed("ApplicationComparisonError", "argo-revision-unknown", "unable to resolve 'ghost' to a commit SHA")},
			then: func(ctx context.Context, a *app) error {
				return a.patch(ctx, `{"spec":{"source":{"targetRevision":"ghost"}}}`)
			},
		},
	}
}

// editRelease commits a change of the running ComponentRelease.
func editRelease(ctx context.Context, a *app) error {
	_, err := a.commit(ctx, "edit the release", func() error {
		return a.Set(filepath.Join(a.file("releases"), a.release+".yaml"), "registry.example.com/acme/other:2", "spec", "workload", "container", "image")
	})
	if err != nil {
		return err
	}
	a.waitFor(ctx, "retries", inPhase("Running", "Retrying attempt #"))
	return nil
}

func failSync(ctx context.Context, a *app) error {
	if _, err := a.commit(ctx, "edit the release", func() error {
		return a.Set(filepath.Join(a.file("releases"), a.release+".yaml"), "registry.example.com/acme/other:2", "spec", "workload", "container", "image")
	}); err != nil {
		return err
	}
	a.waitFor(ctx, "a failed sync", inPhase("Failed", "immutable"))
	return nil
}

func revertWhileRetrying(ctx context.Context, a *app) error {
	if err := editRelease(ctx, a); err != nil {
		return err
	}
	commit, err := a.Revert(ctx)
	if err != nil {
		return err
	}
	if err := a.refresh(ctx); err != nil {
		return err
	}
	a.waitFor(ctx, "a comparison", func(u *unstructured.Unstructured) error { return compared(u, commit) })
	return nil
}

func terminateAfterRevert(ctx context.Context, a *app) error {
	if err := revertWhileRetrying(ctx, a); err != nil {
		return err
	}
	// As argocd app terminate-op does (argo-cd v3.1.0 server/application/application.go, TerminateOperation).
	if err := shared.Lab.Patch(ctx, a.object, `{"status":{"operationState":{"phase":"Terminating"}}}`); err != nil {
		return err
	}
	a.waitFor(ctx, "the end of the sync", inPhase("Failed", ""))
	return a.refresh(ctx)
}

func addUnknownField(ctx context.Context, a *app) error {
	commit, err := a.commit(ctx, "misspell a field", func() error { return a.Set(a.file("component.yaml"), int64(3), "spec", "replicaz") })
	if err != nil {
		return err
	}
	a.waitFor(ctx, "a sync", func(u *unstructured.Unstructured) error {
		if err := compared(u, commit); err != nil {
			return err
		}
		return inPhase("Succeeded", "")(u)
	})
	return nil
}

func releaseWithoutSync(ctx context.Context, a *app) error {
	if err := shared.Lab.Patch(ctx, a.object, `{"spec":{"syncPolicy":{"automated":null}}}`); err != nil {
		return err
	}
	commit, err := a.releaseOf(ctx, "1.0.1")
	if err != nil {
		return err
	}
	a.waitFor(ctx, "a comparison", func(u *unstructured.Unstructured) error { return compared(u, commit) })
	return nil
}

const hook = `apiVersion: batch/v1
kind: Job
metadata:
  name: migrate-first
  annotations: {argocd.argoproj.io/hook: PreSync}
spec:
  template:
    spec:
      restartPolicy: Never
      containers: [{name: main, image: "registry.example.com/acme/migrate:missing"}]
`

func addHook(ctx context.Context, a *app) error {
	if _, err := a.commit(ctx, "migrate before the sync", func() error {
		if err := a.Write(a.file("hook.yaml"), hook); err != nil {
			return err
		}
		_, err := a.Release(a.name, "1.0.1", "development")
		return err
	}); err != nil {
		return err
	}
	a.waitFor(ctx, "the hook", inPhase("Running", "waiting for completion of hook"))
	return nil
}

// compared is a state: compared with a commit, after the newest refresh.
func compared(u *unstructured.Unstructured, commit string) error {
	revision, _, _ := unstructured.NestedString(u.Object, "status", "sync", "revision")
	if revision != commit {
		return fmt.Errorf("compared with %s", revision)
	}
	return nil
}
