package dryrun

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/rest"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kube"
	"github.com/kubectl-choreo/kubectl-choreo/internal/requestguard"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/lint"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
)

// api is a fake API server. It answers by the name of the object, and accepts all others.
type api struct {
	answers map[string]metav1.Status

	mu   sync.Mutex
	sent map[string]string // bodies by "manager: path"
}

func (a *api) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	a.mu.Lock()
	a.sent[r.URL.Query().Get("fieldManager")+": "+r.URL.Path] = strings.TrimSpace(string(body))
	a.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	answer, refused := a.answers[path.Base(r.URL.Path)]
	switch {
	case !refused:
		_, _ = w.Write(body)
		return
	case answer.Code == 0:
		panic(http.ErrAbortHandler) // the connection breaks
	case answer.Message == "":
		http.NotFound(w, r) // as for a path that is not served
		return
	}
	answer.Kind, answer.APIVersion, answer.Status = "Status", "v1", metav1.StatusFailure
	w.WriteHeader(int(answer.Code))
	_ = json.NewEncoder(w).Encode(answer)
}

// serve starts a fake API server, and returns a client of it.
func serve(t *testing.T, answers map[string]metav1.Status) (*kube.DryRunner, *api) {
	t.Helper()
	a := &api{answers: answers, sent: map[string]string{}}
	server := httptest.NewServer(requestguard.Handler(t, a))
	t.Cleanup(server.Close)
	client, err := kube.NewDryRunner(&rest.Config{Host: server.URL, Timeout: time.Minute}, "lint")
	if err != nil {
		t.Fatal(err)
	}
	return client, a
}

// repository returns what the Kustomization flux-system/apps applies, from a file with these documents.
func repository(t *testing.T, text string, change ...func(*manifest.Repository)) *manifest.Repository {
	t.Helper()
	const apps = "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: apps, namespace: flux-system}\nspec: {commonMetadata: {labels: {team: shop}}}\n"
	ks, err := manifest.Parse("flux.yaml", []byte(apps))
	if err != nil {
		t.Fatal(err)
	}
	file, err := manifest.Parse("a.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	r := &manifest.Repository{Kustomizations: []manifest.Kustomization{{Object: manifest.Object{Ref: ks.Documents[0].Ref, Body: ks.Documents[0].Body}}}}
	for i := range file.Documents {
		d := &file.Documents[i]
		r.Objects = append(r.Objects, manifest.Object{Ref: d.Ref, Body: d.Body, Document: d, File: d.Place.File, AppliedBy: []facts.Ref{ks.Documents[0].Ref}})
		r.Declared = append(r.Declared, d.Ref)
	}
	for _, f := range change {
		f(r)
	}
	return r
}

// result is what a check reported, in a comparable form.
type result struct {
	Findings []string
	Counts   manifest.Against
	Sent     []string
}

// checked sends a change to a fake API server.
func checked(t *testing.T, now, before *manifest.Repository, answers map[string]metav1.Status) (result, []lint.Finding, *api) {
	t.Helper()
	client, a := serve(t, answers)
	changes, err := Select(now, before, "")
	if err != nil {
		t.Fatal(err)
	}
	found, counts := Judge("staging", now, changes, Send(t.Context(), client, changes))
	got := result{Counts: counts}
	for _, f := range found {
		got.Findings = append(got.Findings, fmt.Sprintf("%s %s %s:%d %s", f.Severity, f.Code, f.File, f.Line, f.Message))
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	for sent := range a.sent {
		got.Sent = append(got.Sent, sent)
	}
	slices.Sort(got.Sent)
	return got, found, a
}
