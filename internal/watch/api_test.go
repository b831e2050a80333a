package watch

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
)

// api is a fake API server. It stores objects with their history, serves lists, tables and watches, and records all requests.
type api struct {
	mu        sync.Mutex
	version   int
	compacted int // watches from an older version have expired
	history   []change
	objects   map[string]*unstructured.Unstructured // by path
	requests  []string
	refuse    func(verb, plural string) *metav1.Status // returns nil to allow the request; by default every request is allowed
	wake      chan struct{}                            // closed at every change
	cuts      int                                      // how often all watches were closed
	frozen    bool                                     // open watches send no events and do not end
}

// change is a write with the object before and after it. nil means that the object does not exist.
type change struct {
	version       int
	path          string
	before, after *unstructured.Unstructured
}

func newAPI() *api {
	return &api{version: 100, objects: map[string]*unstructured.Unstructured{}, wake: make(chan struct{})}
}

func pathOf(u *unstructured.Unstructured) string {
	gvk := u.GroupVersionKind()
	kind, _ := kinds.Lookup(gvk.Group, gvk.Kind)
	p := "/apis/" + kind.Group + "/" + kind.Version
	if kind.Group == kinds.Core {
		p = "/api/" + kind.Version
	}
	if u.GetNamespace() != "" {
		p += "/namespaces/" + u.GetNamespace()
	}
	return p + "/" + kind.Plural + "/" + u.GetName()
}

// put writes an object and assigns the next resourceVersion.
func (a *api) put(u *unstructured.Unstructured) {
	a.mu.Lock()
	defer a.mu.Unlock()
	u = u.DeepCopy()
	a.write(pathOf(u), u)
	u.SetResourceVersion(strconv.Itoa(a.version))
}

func (a *api) remove(u *unstructured.Unstructured) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.write(pathOf(u), nil)
}

func (a *api) write(path string, after *unstructured.Unstructured) {
	a.version++
	a.history = append(a.history, change{a.version, path, a.objects[path], after})
	if a.objects[path] = after; after == nil {
		delete(a.objects, path)
	}
	a.awaken()
}

func (a *api) awaken() {
	close(a.wake)
	a.wake = make(chan struct{})
}

// compact drops the history. The next watch from an older resourceVersion gets 410 Gone.
func (a *api) compact() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.compacted = a.version
}

// cut closes all watches.
func (a *api) cut() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.cuts++
	a.awaken()
}

// freeze makes all open watches behave like dead connections.
func (a *api) freeze(frozen bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.frozen = frozen
	a.awaken()
}

// forbid sets the function that refuses requests from now on.
func (a *api) forbid(refuse func(verb, plural string) *metav1.Status) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.refuse = refuse
}

// asked returns the requests since the last call.
func (a *api) asked() []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	asked := a.requests
	a.requests = nil
	return asked
}

func (a *api) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	collection, name := r.URL.Path, ""
	verb := map[bool]string{true: "TABLE", false: "LIST"}[strings.Contains(r.Header.Get("Accept"), "as=Table")]
	parts := strings.Split(strings.TrimPrefix(strings.Replace(r.URL.Path, "/api/", "/apis/core/", 1), "/apis/"), "/")
	parts = parts[2:] // no group and version
	if parts[0] == "namespaces" && len(parts) > 2 {
		parts = parts[2:]
	}
	switch {
	case r.URL.Query().Get("watch") != "":
		verb = "WATCH"
	case len(parts) == 3:
		verb = "LOG"
	case len(parts) == 2:
		verb, name = "GET", parts[1]
	}
	selector := strings.TrimSpace(r.URL.Query().Get("labelSelector") + " " + r.URL.Query().Get("fieldSelector"))
	a.mu.Lock()
	a.requests = append(a.requests, strings.TrimSpace(verb+" "+strings.Join(parts, "/")+" "+selector))
	refuse := a.refuse
	a.mu.Unlock()
	if refuse != nil {
		if status := refuse(verb, parts[0]); status != nil {
			reply(w, int(status.Code), status)
			return
		}
	}
	switch verb {
	case "GET":
		a.get(w, r.URL.Path, parts[0], name)
	case "LOG":
		w.Header().Set("Content-Type", "text/plain")
		_, _ = fmt.Fprintln(w, "last words")
	case "WATCH":
		a.watch(w, r, collection)
	default:
		a.list(w, r, collection, verb)
	}
}
