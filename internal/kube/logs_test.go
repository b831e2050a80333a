package kube

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"k8s.io/client-go/rest"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kube/podlog"
	"github.com/kubectl-choreo/kubectl-choreo/internal/requestguard"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

func TestLog(t *testing.T) {
	t.Parallel()
	s, a := serve(t, func(w http.ResponseWriter, _ *http.Request, _ int) {
		w.Header().Set("Content-Type", "text/plain")
		_, _ = fmt.Fprint(w, "starting\npanic: no\n")
	})
	q := facts.LogQuery{Pod: facts.Ref{Plane: facts.Control, Kind: "Pod", Namespace: "cell", Name: "p"}, Container: "main", Previous: true}
	l := s.Log(t.Context(), q)
	if diff := cmp.Diff(facts.Log{Query: q, Outcome: facts.Found, Lines: []string{"starting", "panic: no"}}, l); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if asked := a.asked(); len(asked) != 1 || !strings.HasPrefix(asked[0], "GET /api/v1/namespaces/cell/pods/p/log?container=main") || !strings.Contains(asked[0], "previous=true") {
		t.Errorf("asked %v", asked)
	}
}

// TestOpenLog: each option is a parameter, and the log is as the kubelet sends it.
func TestOpenLog(t *testing.T) {
	t.Parallel()
	s, a := serve(t, func(w http.ResponseWriter, _ *http.Request, _ int) {
		w.Header().Set("Content-Type", "text/plain")
		_, _ = fmt.Fprint(w, "one\x1b[2J\r\n\xfftwo")
	})
	q := facts.LogQuery{Pod: facts.Ref{Plane: facts.Control, Kind: "Pod", Namespace: "cell", Name: "p"}, Container: "main"}
	for want, o := range map[string]podlog.Options{
		"container=main&follow=false&previous=false&timestamps=false":                                    {},
		"container=main&follow=true&previous=false&tailLines=0&timestamps=true":                          {Follow: true, Timestamps: true, Tail: new(int64(0))},
		"container=main&follow=false&previous=false&sinceSeconds=2&timestamps=false":                     {Since: 1500 * time.Millisecond},
		"container=main&follow=false&previous=false&sinceTime=2026-11-21T04%3A00%3A00Z&timestamps=false": {SinceTime: time.Date(2026, 11, 21, 5, 0, 0, 0, time.FixedZone("", 3600))},
	} {
		body, err := s.OpenLog(t.Context(), q, o)
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(body)
		_ = body.Close()
		if string(text) != "one\x1b[2J\r\n\xfftwo" || err != nil {
			t.Errorf("read %q, %v", text, err)
		}
		asked := a.asked()
		if got := strings.TrimPrefix(asked[len(asked)-1], "GET /api/v1/namespaces/cell/pods/p/log?"); got != want {
			t.Errorf("requested %s, want %s", got, want)
		}
	}
}

// TestOpenLogRefused: a log that cannot be read says why, and a hostile name is not requested.
func TestOpenLogRefused(t *testing.T) {
	t.Parallel()
	s, a := serve(t, func(w http.ResponseWriter, r *http.Request, _ int) {
		switch r.URL.Query().Get("container") {
		case "secret":
			body(w, 403, status(403, "Forbidden", `pods "p" is forbidden: User "dora" cannot get resource "pods/log"`, "{}"))
		case "starting":
			body(w, 400, status(400, "BadRequest", `container "starting" in pod "p" is waiting to start: ContainerCreating`, "{}"))
		default:
			body(w, 404, status(404, "NotFound", `pods "p" not found`, `{"name":"p","kind":"pods"}`))
		}
	})
	for container, want := range map[string]podlog.Error{
		"secret":   {Outcome: facts.Forbidden, Reason: `pods "p" is forbidden: User "dora" cannot get resource "pods/log"`},
		"starting": {Outcome: facts.Unreachable, Reason: `container "starting" in pod "p" is waiting to start: ContainerCreating`},
		"main":     {Outcome: facts.Absent, Reason: `pods "p" not found`},
		"../x":     {Outcome: facts.Invalid, Reason: `invalid container "../x"`},
	} {
		want.Query = facts.LogQuery{Pod: facts.Ref{Plane: facts.Control, Kind: "Pod", Namespace: "cell", Name: "p"}, Container: container}
		before := len(a.asked())
		_, err := s.OpenLog(t.Context(), want.Query, podlog.Options{})
		var got *podlog.Error
		if !errors.As(err, &got) || got.Outcome != want.Outcome || !strings.HasPrefix(got.Reason, want.Reason) {
			t.Errorf("%s: %#v, want %#v", container, got, want)
		}
		if container == "../x" && len(a.asked()) > before {
			t.Error("a request was made with a hostile name")
		}
	}
}

// TestOpenLogLasts: the timeout of requests bounds the beginning of a log, and not how long it is followed.
func TestOpenLogLasts(t *testing.T) {
	t.Parallel()
	const timeout = 200 * time.Millisecond
	server := httptest.NewServer(requestguard.Handler(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("container") == "silent" {
			<-r.Context().Done()
			return
		}
		_, _ = fmt.Fprintln(w, "first")
		_ = http.NewResponseController(w).Flush()
		time.Sleep(2 * timeout)
		_, _ = fmt.Fprintln(w, "late")
	})))
	t.Cleanup(server.Close)
	s, err := New(map[facts.Plane]*rest.Config{facts.Control: {Host: server.URL, Timeout: timeout}}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	q := facts.LogQuery{Pod: facts.Ref{Plane: facts.Control, Kind: "Pod", Namespace: "cell", Name: "p"}, Container: "main"}
	body, err := s.OpenLog(t.Context(), q, podlog.Options{Follow: true})
	if err != nil {
		t.Fatal(err)
	}
	if text, err := io.ReadAll(body); string(text) != "first\nlate\n" || err != nil {
		t.Errorf("read %q, %v", text, err)
	}
	_ = body.Close()
	q.Container = "silent"
	if body, err := s.OpenLog(t.Context(), q, podlog.Options{Follow: true}); err == nil {
		_ = body.Close()
		t.Error("a response that does not begin was waited for")
	}
}
