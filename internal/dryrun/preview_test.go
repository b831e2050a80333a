package dryrun

import (
	"strings"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
)

// TestPreview: an accepted object is returned as the API server stores it, with the labels that its applier adds; each other answer is a fact
// of its own.
func TestPreview(t *testing.T) {
	t.Parallel()
	r := repository(t, deployment+"---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: refused, namespace: shop}\n---\napiVersion: example.com/v1\nkind: Gizmo\nmetadata: {name: unknown, namespace: shop}\n")
	client, a := serve(t, map[string]metav1.Status{"refused": {Code: 422, Reason: metav1.StatusReasonInvalid, Message: "spec.replicas: negative"}})
	var objects []*manifest.Object
	for i := range r.Objects {
		objects = append(objects, &r.Objects[i])
	}
	got := map[string]Stored{}
	for ref, stored := range Preview(t.Context(), client, r, objects) {
		got[ref.Name] = stored
	}
	web := got["web"]
	if web.Outcome != Accepted || web.Body == nil || web.Body.GetLabels()["team"] != "shop" || web.Body.GetLabels()["kustomize.toolkit.fluxcd.io/name"] != "apps" {
		t.Errorf("accepted: %+v", web)
	}
	if refused := got["refused"]; refused.Outcome != Refused || refused.Body != nil || refused.Message != "spec.replicas: negative" {
		t.Errorf("refused: %+v", refused)
	}
	if unknown := got["unknown"]; unknown.Outcome != NotSent || unknown.Body != nil {
		t.Errorf("an unknown kind: %+v", unknown)
	}
	if len(a.sent) != 2 || len(got) != 3 {
		t.Errorf("%d requests and %d results, want 2 and 3", len(a.sent), len(got))
	}
}

// TestPreviewWithoutStatus: the status and the field managers are not of Git, and are no part of what is compared.
func TestPreviewWithoutStatus(t *testing.T) {
	t.Parallel()
	managed := strings.Replace(deployment, "namespace: shop}", "namespace: shop, managedFields: [{manager: kustomize-controller, operation: Apply, time: '2026-11-21T09:00:00Z', fieldsV1: {'f:spec': {'f:replicas': {}}}}]}", 1)
	r := repository(t, managed+"status: {replicas: 3}\n")
	client, _ := serve(t, nil)
	for _, stored := range Preview(t.Context(), client, r, []*manifest.Object{&r.Objects[0]}) {
		if _, has := stored.Body.Object["status"]; has || stored.Body.GetName() != "web" || len(stored.Body.GetAnnotations()) > 0 {
			t.Errorf("%v", stored.Body.Object)
		}
	}
	if all := Preview(t.Context(), client, r, nil); len(all) != 0 {
		t.Errorf("%v", map[facts.Ref]Stored(all))
	}
}
