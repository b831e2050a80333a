package probe

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// endpoint is a server that responds differently on each path and records the request headers.
func endpoint(t *testing.T) (address string, seen func() http.Header) {
	t.Helper()
	headers := make(chan http.Header, 10)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Header.Set("Host", r.Host)
		headers <- r.Header
		switch r.URL.Path {
		case "/moved":
			http.Redirect(w, r, "http://elsewhere.example/", http.StatusFound)
		case "/gone":
			w.WriteHeader(http.StatusNotFound)
		case "/hangs":
			<-r.Context().Done()
		case "/endless":
			for r.Context().Err() == nil {
				if _, err := w.Write(make([]byte, maxBodySize)); err != nil {
					return
				}
			}
		}
	}))
	t.Cleanup(server.Close)
	return server.URL, func() http.Header { return <-headers }
}

// still is a clock that does not move.
func still() time.Time { return time.Time{} }

func TestGet(t *testing.T) {
	t.Parallel()
	address, _ := endpoint(t)
	port := address[strings.LastIndex(address, ":"):]
	for name, c := range map[string]struct {
		url    string
		status Statuses
		want   int
		ok     bool
		words  string
	}{
		"Answers":        {address + "/", nil, 200, true, ""},
		"Gone":           {address + "/gone", nil, 404, false, ""},
		"GoneIsRight":    {address + "/gone", Statuses{{200, 299}, {404, 404}}, 404, true, ""},
		"Moved":          {address + "/moved", nil, 302, true, ""},
		"MovedIsWrong":   {address + "/moved", Statuses{{200, 299}}, 302, false, ""},
		"Endless":        {address + "/endless", nil, 200, true, ""},
		"Localhost":      {"http://greeter.development.localhost" + port + "/", nil, 200, true, ""},
		"LocalhostsRoot": {"http://greeter.development.localhost." + port + "/", nil, 200, true, ""},
		"NobodyListens":  {"http://127.0.0.1:1/", nil, 0, false, "connection refused"},
		"Hangs":          {address + "/hangs", nil, 0, false, "Timeout exceeded"},
		"NoURL":          {"http://\x7f/", nil, 0, false, "read URL"},
		"AnotherVersion": {"gopher://x/", nil, 0, false, "unsupported protocol scheme"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			timeout := 3 * time.Minute
			if name == "Hangs" {
				timeout = time.Second
			}
			a := New(Options{Timeout: timeout, Status: c.status, Now: still}).Get(t.Context(), c.url)
			if a.Status != c.want || a.OK != c.ok || (a.Err == nil) != (c.words == "") || (a.Err != nil && !strings.Contains(a.Err.Error(), c.words)) {
				t.Errorf("%+v, want status %d, ok %t, %q", a, c.want, c.ok, c.words)
			}
		})
	}
}

func TestHeaders(t *testing.T) {
	t.Parallel()
	address, seen := endpoint(t)
	p := New(Options{Header: http.Header{"Authorization": {"Bearer x"}, "Host": {"greeter.example"}}, Now: still})
	if a := p.Get(t.Context(), address); !a.OK {
		t.Fatalf("%+v", a)
	}
	if h := seen(); h.Get("Authorization") != "Bearer x" || h.Get("Host") != "greeter.example" {
		t.Errorf("asked with %v", h)
	}
}

// TestAt checks that a path is appended to that of the URL. Without a path the URL does not change.
func TestAt(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ path, address, want string }{
		{"", "http://a", "http://a"},
		{"", "http://a/b/", "http://a/b/"},
		{"healthz", "http://a", "http://a/healthz"},
		{"/healthz?full=1", "http://a/b/", "http://a/b/healthz?full=1"},
	} {
		if got := New(Options{Path: c.path, Now: still}).At(c.address); got != c.want {
			t.Errorf("%q at %s is %s, want %s", c.path, c.address, got, c.want)
		}
	}
}

// TestThrough checks that each request through a Dialer has its own connection to the host of the URL.
func TestThrough(t *testing.T) {
	t.Parallel()
	address, _ := endpoint(t)
	var dialled []string
	p := New(Options{Now: still}).Through(func(ctx context.Context, network, to string) (net.Conn, error) {
		dialled = append(dialled, to)
		return (&net.Dialer{}).DialContext(ctx, network, strings.TrimPrefix(address, "http://"))
	})
	for range 2 {
		if a := p.Get(t.Context(), "http://greeter.cell.svc:9090/"); !a.OK {
			t.Errorf("%+v", a)
		}
	}
	if len(dialled) != 2 || dialled[0] != "greeter.cell.svc:9090" {
		t.Errorf("dialled %v", dialled)
	}
}

func TestTheContextEndsIt(t *testing.T) {
	t.Parallel()
	address, _ := endpoint(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if a := New(Options{Now: still}).Get(ctx, address+"/hangs"); a.OK || a.Err == nil {
		t.Errorf("%+v", a)
	}
}

func TestStatuses(t *testing.T) {
	t.Parallel()
	for text, ok := range map[string]bool{"200": true, "200-299": true, "200-299, 404": true, "": false, "ok": false, "299-200": false, "99": false, "200-600": false, "200-": false} {
		if s, err := ParseStatuses(text); (err == nil) != ok || (ok && !s.Include(200)) {
			t.Errorf("%q: %v, %v", text, s, err)
		}
	}
	for url, ok := range map[string]bool{"http://a/b": true, "https://a:1": true, "tcp://a": false, "a.example": false, "http://": false, "http://\x7f": false} {
		if Probeable(url) != ok {
			t.Errorf("Probeable(%q) is %t", url, !ok)
		}
	}
}
