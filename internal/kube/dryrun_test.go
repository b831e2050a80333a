package kube

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/client-go/rest"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/internal/requestguard"
)

func dryRunner(t *testing.T, timeout time.Duration, answer func(w http.ResponseWriter, r *http.Request, nth int)) (*DryRunner, *api) {
	t.Helper()
	a := &api{answer: answer}
	server := httptest.NewServer(requestguard.Handler(t, a))
	t.Cleanup(server.Close)
	d, err := NewDryRunner(&rest.Config{Host: server.URL, Timeout: timeout}, "lint")
	if err != nil {
		t.Fatal(err)
	}
	return d, a
}

func release(namespace, name string) (kinds.Kind, *unstructured.Unstructured) {
	u := &unstructured.Unstructured{Object: map[string]any{"apiVersion": "openchoreo.dev/v1alpha1", "kind": "ComponentRelease"}}
	u.SetNamespace(namespace)
	u.SetName(name)
	kind, _ := kinds.Declared(u.GroupVersionKind())
	return kind, u
}

func TestApplyIsADryRun(t *testing.T) {
	t.Parallel()
	d, a := dryRunner(t, time.Minute, func(w http.ResponseWriter, r *http.Request, _ int) {
		sent, _ := io.ReadAll(r.Body)
		want := `{"apiVersion":"openchoreo.dev/v1alpha1","kind":"ComponentRelease","metadata":{"name":"a-1","namespace":"shop"}}`
		if diff := cmp.Diff(want, strings.TrimSpace(string(sent))); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
		if got := r.UserAgent(); !strings.HasPrefix(got, "kubectl-choreo/") || !strings.HasSuffix(got, " lint") {
			t.Errorf("user agent %q", got)
		}
		body(w, 200, string(sent))
	})
	kind, u := release("shop", "a-1")
	if _, err := d.Apply(t.Context(), kind, u, "kustomize-controller"); err != nil {
		t.Error(err)
	}
	want := "PATCH /apis/openchoreo.dev/v1alpha1/namespaces/shop/componentreleases/a-1?dryRun=All&fieldManager=kustomize-controller&force=true"
	if diff := cmp.Diff([]string{want}, a.asked()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestApplyOfHostileNames: names come from files of strangers.
func TestApplyOfHostileNames(t *testing.T) {
	t.Parallel()
	d, a := dryRunner(t, time.Minute, func(w http.ResponseWriter, _ *http.Request, _ int) { body(w, 200, "{}") })
	for _, name := range hostileNames() {
		for _, of := range [][2]string{{"shop", name}, {name, "a"}} {
			kind, u := release(of[0], of[1])
			if _, err := d.Apply(t.Context(), kind, u, "m"); err == nil {
				t.Errorf("%q: no error", of)
			}
		}
	}
	secret := kinds.Kind{Plural: "secrets", Namespaced: true}
	secret.Version, secret.Kind = "v1", "Secret"
	_, u := release("shop", "a")
	if _, err := d.Apply(t.Context(), secret, u, "m"); err == nil {
		t.Error("a Secret: no error")
	}
	if got := a.asked(); len(got) > 0 {
		t.Errorf("sent %v", got)
	}
}

// TestApplyEnds with --request-timeout, and with Ctrl-C.
func TestApplyEnds(t *testing.T) {
	t.Parallel()
	ended := make(chan struct{})
	asked := make(chan struct{}, 10)
	hang := func(_ http.ResponseWriter, r *http.Request, _ int) {
		asked <- struct{}{}
		select {
		case <-r.Context().Done():
		case <-ended:
		}
	}
	kind, u := release("shop", "a")
	slow, _ := dryRunner(t, 200*time.Millisecond, hang)
	endless, _ := dryRunner(t, 0, hang)
	t.Cleanup(func() { close(ended) })
	if _, err := slow.Apply(t.Context(), kind, u, "m"); !isTimeout(err) {
		t.Errorf("%v, want a timeout", err)
	}
	<-asked
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		<-asked
		cancel()
	}()
	if _, err := endless.Apply(ctx, kind, u, "m"); err == nil || ctx.Err() == nil {
		t.Errorf("%v, want an interruption", err)
	}
}
