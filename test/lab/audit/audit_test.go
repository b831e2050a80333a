package audit

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/requestguard"
)

// TestRequests checks that undocumented requests of any verb are returned. Other programs, older requests, a patch that a starting
// server did not read, and an incomplete line are ignored.
func TestRequests(t *testing.T) {
	t.Parallel()
	event := func(agent, received, verb, uri, body string) string {
		return `{"kind":"Event","verb":"` + verb + `","requestURI":"` + uri + `","userAgent":"` + agent + `","requestReceivedTimestamp":"` + received + `"` + body + "}\n"
	}
	const now, agent = "2026-01-01T00:00:01.000001Z", "kubectl-choreo/v0.0.0 (linux/amd64)"
	annotated := `,"requestObject":{"metadata":{"annotations":{"reconcile.fluxcd.io/requestedAt":"now"}}}`
	const kustomization = "/apis/kustomize.toolkit.fluxcd.io/v1/namespaces/flux-system/kustomizations/a"
	const dryRun = "/api/v1/namespaces/shop/configmaps/a?dryRun=All&fieldManager=m&force=true"
	applied := `,"requestObject":{"apiVersion":"v1","kind":"ConfigMap","metadata":{"namespace":"shop","name":"a"}}`
	for line, undocumented := range map[string]bool{
		event(agent+" lint", now, "patch", dryRun, applied):                                                false,
		event(agent+" diff", now, "patch", dryRun, applied):                                                false,
		event(agent, now, "patch", dryRun, applied):                                                        true,
		event(agent, now, "list", "/api/v1/namespaces?limit=500", ""):                                      false,
		event(agent, now, "watch", "/api/v1/namespaces?watch=true", ""):                                    false,
		event(agent, now, "get", "/api/v1/namespaces/a/secrets/b", ""):                                     true,
		event(agent, now, "get", "/api", ""):                                                               true,
		event(agent, now, "patch", kustomization, annotated):                                               false,
		event(agent, now, "patch", kustomization, ""):                                                      true,
		event(agent, now, "patch", kustomization, `,"responseStatus":{"code":415}`):                        true,
		event(agent, now, "patch", kustomization, `,"requestObject":[{"op":"remove","path":"/spec"}]`):     true,
		event(agent, now, "update", kustomization, annotated):                                              true,
		event(agent, now, "deletecollection", "/api/v1/namespaces/a/pods", ""):                             true,
		event(agent, now, "create", "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", ""):          false,
		event(agent, now, "create", "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews?dryRun=x", ""): true,
	} {
		path := filepath.Join(t.TempDir(), "audit.log")
		others := event("kubectl/v1", now, "get", "/api", "") + event(agent, "2025-12-31T23:59:59.9Z", "get", "/api", "") +
			event(agent, now, "patch", kustomization, `,"responseStatus":{"code":503}`)
		if err := os.WriteFile(path, []byte(others+line+`{"kind":"Ev`), 0o600); err != nil {
			t.Fatal(err)
		}
		got, err := Requests(path, "kubectl-choreo", time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))
		if err != nil || len(got) != 1 {
			t.Errorf("%s: %d requests, want 1; %v", line, len(got), err)
			continue
		}
		if diff := cmp.Diff(undocumented, requestguard.Check(got[0]) != nil); diff != "" {
			t.Errorf("%s: undocumented (-want +got):\n%s", line, diff)
		}
	}
}
