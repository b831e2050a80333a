package openchoreoapi

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// Name begins the reason of every result that this package could not give.
const Name = facts.OpenChoreoAPI

// refusal is why the API did not answer: an outcome and a reason.
type refusal struct {
	outcome facts.Outcome
	reason  string
}

// unknown is the refusal for what the API does not tell.
func unknown(format string, args ...any) *refusal {
	return &refusal{facts.Unreachable, Name + ": " + oneLine(fmt.Sprintf(format, args...))}
}

// leftOut is the refusal for what must be in an answer and is not.
func leftOut(format string, args ...any) *refusal {
	return &refusal{facts.Unreachable, facts.LeftOut + oneLine(fmt.Sprintf(format, args...))}
}

// interrupted is the same reason that internal/kube gives.
const interrupted = "interrupted"

func (r *refusal) isInterrupted() bool {
	return r != nil && r.outcome == facts.Unreachable && r.reason == interrupted
}

// failed returns the refusal for a request without a response.
func (c *client) failed(ctx context.Context, err error) *refusal {
	var timeout net.Error
	switch {
	case errors.Is(ctx.Err(), context.Canceled):
		return &refusal{facts.Unreachable, interrupted}
	case errors.Is(ctx.Err(), context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return unknown("%s did not respond within %s", c.login.URL.Host, c.timeout)
	}
	var of *url.Error
	if errors.As(err, &of) { // its text repeats the whole URL
		err = of.Err
	}
	return unknown("no connection to %s: %v", c.login.URL.Host, err)
}

// maxRefusal bounds the body of a response that is an error.
const maxRefusal = 4 << 10

// refused returns the refusal for a response that is not 200.
func (c *client) refused(response *http.Response, about string) *refusal {
	host := c.login.URL.Host
	body, _ := io.ReadAll(io.LimitReader(response.Body, maxRefusal))
	// The middleware that checks tokens has the code in error, and the text in message (openchoreo v1.2.3
	// internal/server/middleware/auth/jwt/helpers.go); handlers have the text in error (openapi/openchoreo-api.yaml, ErrorResponse).
	var answer struct{ Error, Code, Message string }
	_ = json.Unmarshal(body, &answer)
	switch response.StatusCode {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		return unknown("%s redirects to %s, which is not followed; use the address of the API itself", host, redirected(response))
	case http.StatusUnauthorized:
		return &refusal{facts.Forbidden, fmt.Sprintf("%s: %s at %s rejects the token; %s", facts.Unauthorized, Name, host, c.login.Renew)}
	case http.StatusForbidden:
		return &refusal{facts.Forbidden, fmt.Sprintf("%s at %s: you may not view %s; ask for a role of OpenChoreo with %s:view", Name, host, about, strings.ToLower(strings.Fields(about)[0]))}
	case http.StatusNotFound:
		if answer.Code == "NOT_FOUND" {
			return &refusal{facts.Absent, Name + ": " + oneLine(fmt.Sprintf("%s: %s, for %s; it may be the API of another installation", host, quoted(answer.Error), about))}
		}
		return unknown("%s does not serve the objects of a ReleaseBinding: the address is not that of %s, or OpenChoreo is older than 1.1", host, Name)
	case http.StatusNotImplemented:
		return unknown("%s does not implement the objects of a ReleaseBinding (501)", host)
	case http.StatusInternalServerError:
		return unknown("%s failed (500); its log has the reason, and its cluster gateway may be disabled", host)
	case http.StatusTooManyRequests:
		return unknown("%s limits the rate of requests (429)", host)
	}
	return unknown("%s responds with %d", host, response.StatusCode)
}

// redirected names the host of a redirect.
func redirected(response *http.Response) string {
	to, err := response.Location()
	if err != nil || to.Host == "" {
		return "an invalid address"
	}
	return quoted(to.Scheme + "://" + to.Host)
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// maxQuoted bounds a text of the API in a reason.
const maxQuoted = 200

func quoted(s string) string {
	s = oneLine(s)
	if len(s) > maxQuoted {
		s = strings.ToValidUTF8(s[:maxQuoted], "") + "…"
	}
	return s
}
