package proxy

import (
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
)

func TestRecordsWavesBytesAndForbiddenPaths(t *testing.T) {
	var arrived sync.WaitGroup // makes the requests of a wave concurrent
	api := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		arrived.Done()
		arrived.Wait()
		if r.URL.Path == "/missing" {
			w.WriteHeader(http.StatusNotFound)
		}
		_, _ = io.WriteString(w, "12345")
	}))
	defer api.Close()
	p, err := Start(api.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	wave := func(paths ...string) {
		arrived.Add(len(paths))
		var all sync.WaitGroup
		for _, path := range paths {
			all.Go(func() {
				response, err := p.server.Client().Get(p.URL + path)
				if err != nil {
					t.Error(err)
					return
				}
				_, _ = io.Copy(io.Discard, response.Body)
				_ = response.Body.Close()
			})
		}
		all.Wait()
	}
	wave("/apis/apps/v1/deployments", "/api/v1/namespaces/x/secrets/y", "/missing")
	wave("/apis")
	if got := len(p.Requests()); got != 4 {
		t.Errorf("requests = %d, want 4", got)
	}
	if got := p.Depth(); got != 2 {
		t.Errorf("depth = %d, want 2", got)
	}
	if got := p.Bytes(); got != 20 {
		t.Errorf("bytes = %d, want 20", got)
	}
	if got := p.Discovery(); len(got) != 1 || got[0] != "GET /apis" {
		t.Errorf("discovery = %v, want only GET /apis", got)
	}
	if got := p.Undocumented(); len(got) != 3 {
		t.Errorf("undocumented = %v, want all except for Deployments", got)
	}
	if got := p.Secrets(); len(got) != 1 {
		t.Errorf("secrets = %v, want one", got)
	}
}

func TestResetForgets(t *testing.T) {
	api := httptest.NewTLSServer(http.NotFoundHandler())
	defer api.Close()
	p, err := Start(api.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	response, err := p.server.Client().Get(p.URL)
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	p.Reset(0)
	if got := len(p.Requests()); got != 0 {
		t.Errorf("requests after Reset = %d, want 0", got)
	}
}
