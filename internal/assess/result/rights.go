package result

import (
	"regexp"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// denial is how an API server reports which right is missing (Kubernetes v1.36 apiserver
// pkg/endpoints/handlers/responsewriters/errors.go).
var denial = regexp.MustCompile(`User "([^"]+)" cannot (?:get|list|watch) resource "[^"]+" in API group "[^"]*"(?: in the namespace "[a-z0-9-]+"| at the cluster scope)`)

// deniedEvidence is the user whom the API server refused, as it named them.
func deniedEvidence(message string) []trace.Evidence {
	if m := denial.FindStringSubmatch(message); m != nil {
		return []trace.Evidence{{Path: trace.UserEvidence, Value: m[1]}}
	}
	return nil
}

// DeniedUser is the user without the right to read, as `kubectl choreo rbac --for` takes it; "" where the message names none. An
// API server may write anything into the message, so whoever prints the name checks it.
func DeniedUser(message string) string {
	m := denial.FindStringSubmatch(message)
	if m == nil {
		return ""
	}
	parts := strings.Split(m[1], ":")
	if len(parts) == 4 && parts[0] == "system" && parts[1] == "serviceaccount" {
		return "serviceaccount:" + parts[2] + "/" + parts[3]
	}
	if strings.Contains(m[1], ":") {
		return "user:" + m[1]
	}
	return m[1]
}
