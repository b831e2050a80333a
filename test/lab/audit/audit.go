// Package audit reads the requests of a program from the audit log of an API server.
package audit

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/internal/requestguard"
)

// User is the name of the user whose requests are recorded.
const User = "user"

// policy records the requests of User, and the bodies of patches (Kubernetes v1.36 staging/src/k8s.io/apiserver/pkg/apis/audit/v1/types.go).
const policy = `
apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived]
rules:
- {level: Request, users: [` + User + `], verbs: [patch]}
- {level: Metadata, users: [` + User + `]}
- {level: None}
`

// Flags writes the policy into the folder of a cluster, and returns the flags of its API server.
func Flags(dir string) ([]string, error) {
	file := filepath.Join(dir, "audit-policy.yaml")
	if err := os.WriteFile(file, []byte(policy), 0o600); err != nil {
		return nil, fmt.Errorf("write the audit policy: %w", err)
	}
	return []string{"--audit-policy-file=" + file, "--audit-log-path=" + Log(dir), "--audit-log-maxsize=1000"}, nil
}

// Log returns the path of the audit log in the folder of a cluster.
func Log(dir string) string { return filepath.Join(dir, "audit.log") }

// Requests returns the requests since a time whose user agent starts with program.
func Requests(path, program string, since time.Time) ([]requestguard.Request, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	var found []requestguard.Request
	for lines := bufio.NewReader(file); ; {
		line, err := lines.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			return found, nil // the API server is still writing this line
		}
		if err != nil {
			return nil, err
		}
		var e event
		if err := json.Unmarshal(line, &e); err != nil {
			return nil, err
		}
		if !strings.HasPrefix(e.UserAgent, program) || e.Received.Before(since) || e.bodyNotRead() {
			continue
		}
		request, err := e.request()
		if err != nil {
			return nil, err
		}
		found = append(found, request)
	}
}

// event is the used part of an audit event.
type event struct {
	Verb      string          `json:"verb"`
	URI       string          `json:"requestURI"`
	UserAgent string          `json:"userAgent"`
	Received  time.Time       `json:"requestReceivedTimestamp"`
	Body      json.RawMessage `json:"requestObject"`
	Response  struct {
		Code int `json:"code"`
	} `json:"responseStatus"`
}

// bodyNotRead reports whether a patch was refused before its body was read: by a server that starts, stops or is overloaded, by its
// authorizer, or because it does not serve the kind.
func (e event) bodyNotRead() bool {
	refused := e.Response.Code == http.StatusTooManyRequests || e.Response.Code >= http.StatusInternalServerError ||
		e.Response.Code == http.StatusForbidden || e.Response.Code == http.StatusNotFound
	return e.method() == http.MethodPatch && len(e.Body) == 0 && refused
}

func (e event) request() (requestguard.Request, error) {
	target, err := url.ParseRequestURI(e.URI)
	if err != nil {
		return requestguard.Request{}, fmt.Errorf("parse the URI of a request: %w", err)
	}
	r := requestguard.Request{Method: e.method(), URL: target, UserAgent: e.UserAgent, Body: e.Body}
	switch {
	case r.Method == http.MethodPatch && target.Query().Has("force"): // only for server-side apply
		r.ContentType = "application/apply-patch+yaml"
	case r.Method == http.MethodPatch:
		r.ContentType = "application/merge-patch+json" // not in the event; the body of another patch type does not parse as one
	}
	return r, nil
}

// method returns the HTTP method. The verb of a request to a subresource such as pods/portforward also follows from its method.
func (e event) method() string {
	switch e.Verb {
	case "get", "list", "watch":
		return http.MethodGet
	case "create":
		return http.MethodPost
	case "update":
		return http.MethodPut
	case "deletecollection":
		return http.MethodDelete
	default:
		return strings.ToUpper(e.Verb)
	}
}
