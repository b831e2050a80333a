package cmdutil

import (
	"context"
	"net/http"
	"os"
	"testing"
	"testing/synctest"
	"time"

	"k8s.io/client-go/rest"

	"github.com/kubectl-choreo/kubectl-choreo/internal/factstest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/iostreams"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/internal/requestguard"
)

// TestCompleteNeverReadsSecrets: not even by their names.
func TestCompleteNeverReadsSecrets(t *testing.T) {
	t.Parallel()
	requested := false
	api := http.HandlerFunc(func(http.ResponseWriter, *http.Request) { requested = true })
	r := NewReader(iostreams.IOStreams{
		Getenv: func(string) string { return "" }, Configure: func(c *rest.Config) { c.Transport = factstest.Transport(requestguard.Handler(t, api)) },
	})
	*r.flags.KubeConfig, *r.flags.APIServer = os.DevNull, "http://in-memory.example"
	if got := (completer{&r}).list(t.Context(), kinds.OpenChoreo, "Component"); len(got) > 0 || !requested {
		t.Fatalf("got %v; a component's name requested: %t", got, requested)
	}
	requested = false
	if got := (completer{&r}).list(t.Context(), kinds.Core, "Secret"); len(got) > 0 || requested {
		t.Errorf("got %v; requested: %t", got, requested)
	}
}

// TestNobodyWaitsForALogin: a program that logs in to a cluster may ask for a password, and knows of no deadline.
func TestNobodyWaitsForALogin(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		defer close(release)
		begin := time.Now()
		r := NewReader(iostreams.IOStreams{})
		names := (completer{&r}).inTime(t.Context(), func(context.Context) []string { <-release; return []string{"late"} })
		if took := time.Since(begin); names != nil || took != completionTime {
			t.Errorf("%v after %s", names, took)
		}
	})
}
