package kube

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fluxcd/pkg/apis/meta"
	"github.com/google/go-cmp/cmp"
	authorizationv1 "k8s.io/api/authorization/v1"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

func kustomization(namespace, name string) facts.Ref {
	return facts.Ref{Plane: facts.Control, Group: kinds.FluxKustomize, Kind: "Kustomization", Namespace: namespace, Name: name}
}

const patched = `{"apiVersion":"kustomize.toolkit.fluxcd.io/v1","kind":"Kustomization","metadata":{"name":"a","namespace":"flux-system","resourceVersion":"7","managedFields":[{}]}}`

func TestAnnotateWritesOneAnnotationAndNothingElse(t *testing.T) {
	t.Parallel()
	s, a := serve(t, func(w http.ResponseWriter, r *http.Request, _ int) {
		sent, _ := io.ReadAll(r.Body)
		if got, want := string(sent), `{"metadata":{"annotations":{"reconcile.fluxcd.io/requestedAt":"now"}}}`; got != want {
			t.Errorf("sent %s, want %s", got, want)
		}
		if got := r.Header.Get("Content-Type"); got != "application/merge-patch+json" {
			t.Errorf("sent as %s", got)
		}
		body(w, 200, patched)
	})
	o, err := s.Annotate(t.Context(), kustomization("flux-system", "a"), meta.ReconcileRequestAnnotation, "now")
	if err != nil || o.Outcome != facts.Found || o.Body.GetResourceVersion() != "7" || o.Body.GetManagedFields() != nil {
		t.Errorf("%+v, %v", o, err)
	}
	// kustomize-controller takes over fields whose manager begins with kubectl.
	want := "PATCH /apis/kustomize.toolkit.fluxcd.io/v1/namespaces/flux-system/kustomizations/a?fieldManager=choreo-reconcile"
	if diff := cmp.Diff([]string{want}, a.asked()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestAnnotateIsRepeatedWhereThatMayHelp(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		code  int
		times int
	}{
		"Throttled": {429, 2}, "Restarting": {503, 2}, "Broken": {500, 2}, "Conflict": {409, 2}, "CutOff": {0, 2},
		"RolesNotKnownYet": {403, 2}, "Gone": {404, 1}, "Invalid": {422, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var sent []string
				s, a := inMemory(t, func(w http.ResponseWriter, r *http.Request, nth int) {
					text, _ := io.ReadAll(r.Body)
					sent = append(sent, string(text))
					switch {
					case nth > 1:
						body(w, 200, patched)
					case c.code == 0:
						panic(http.ErrAbortHandler)
					default:
						body(w, c.code, status(c.code, "", "no", `{"name":"a"}`))
					}
				})
				o, err := s.Annotate(t.Context(), kustomization("flux-system", "a"), meta.ReconcileRequestAnnotation, "now")
				if n := len(a.asked()); n != c.times || len(slices.Compact(sent)) != 1 {
					t.Errorf("asked %d times, want %d: %v", n, c.times, sent)
				}
				if failed := err != nil; failed != (c.times == 1) || failed == (o.Outcome == facts.Found) {
					t.Errorf("%s, %v", o.Outcome, err)
				}
				if err != nil && !strings.HasPrefix(err.Error(), "annotate Kustomization flux-system/a: ") {
					t.Errorf("error %v", err)
				}
			})
		})
	}
}

func TestAnnotateEndsWithItsContext(t *testing.T) {
	t.Parallel()
	for code, words := range map[int]string{503: "starting", 403: "dora may not"} {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
			defer cancel()
			s, _ := inMemory(t, func(w http.ResponseWriter, _ *http.Request, _ int) { body(w, code, status(code, "", words, "{}")) })
			if _, err := s.Annotate(ctx, kustomization("flux-system", "a"), meta.ReconcileRequestAnnotation, "now"); err == nil || !strings.Contains(err.Error(), words) {
				t.Errorf("error %v, want the API server's words %q", err, words)
			}
		})
	}
}

func TestSecretsAreNeverWritten(t *testing.T) {
	t.Parallel()
	s, a := serve(t, func(w http.ResponseWriter, _ *http.Request, _ int) { body(w, 200, "{}") })
	secret := facts.Ref{Plane: facts.Control, Kind: "Secret", Namespace: "default", Name: "password"}
	if _, err := s.Annotate(t.Context(), secret, meta.ReconcileRequestAnnotation, "now"); err == nil || len(a.asked()) > 0 {
		t.Errorf("%v, asked %v", err, a.asked())
	}
}

// rights responds to access reviews: dora may patch all objects in her namespace, and "a" elsewhere by name.
func rights(w http.ResponseWriter, r *http.Request, _ int) {
	var review authorizationv1.SelfSubjectAccessReview
	if err := json.NewDecoder(r.Body).Decode(&review); err != nil || r.Method != http.MethodPost || review.APIVersion != "authorization.k8s.io/v1" || review.Kind != "SelfSubjectAccessReview" {
		body(w, 400, status(400, "BadRequest", "no review", "{}"))
		return
	}
	asked := review.Spec.ResourceAttributes
	if asked.Namespace == "broken" {
		body(w, 403, status(403, "Forbidden", "no reviews for you", "{}"))
		return
	}
	review.Status.Reason = "no RBAC policy matched"
	if asked.Verb == "patch" && (asked.Namespace == "dora" || asked.Name == "a") {
		review.Status.Allowed, review.Status.Reason = true, ""
	}
	answer, _ := json.Marshal(review)
	body(w, 201, string(answer))
}

func TestMayPatch(t *testing.T) {
	t.Parallel()
	s, a := serve(t, rights)
	refs := []facts.Ref{
		kustomization("flux-system", "a"), kustomization("dora", "x"), kustomization("dora", "y"), kustomization("flux-system", "b"),
		kustomization("broken", "z"),
		{Plane: facts.Control, Kind: "Secret", Namespace: "dora", Name: "s"},
	}
	want := []Access{
		{refs[0], Allowed, ""},
		{refs[1], Allowed, ""},
		{refs[2], Allowed, ""},
		{refs[3], Denied, "no RBAC policy matched"},
		{refs[4], RightUnknown, "no reviews for you"},
		{refs[5], RightUnknown, `kind Secret of group "" is never read`},
	}
	if diff := cmp.Diff(want, s.MayPatch(t.Context(), refs)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	// One review for each of three namespaces, and one for each of two names after a denial.
	if n := len(a.asked()); n != 5 {
		t.Errorf("asked %d times: %v", n, a.asked())
	}
}
