// Package controlplane finds the cluster of the control plane in the kubeconfig, and reports why there is none.
package controlplane

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"
	"time"

	"k8s.io/cli-runtime/pkg/genericclioptions"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	clientcmdapi "k8s.io/client-go/tools/clientcmd/api"
)

// MissingError means that no cluster is configured.
type MissingError struct {
	problem string
	// Timeout is that of a request.
	Timeout time.Duration
}

func (e *MissingError) Error() string {
	return "cannot find a cluster: " + e.problem + "; use --kubeconfig or set KUBECONFIG"
}

// WithoutLogin is the error of a command that OpenChoreo's API would do for.
func (e *MissingError) WithoutLogin() error {
	return errors.New("cannot find a cluster: " + e.problem + "; use --kubeconfig, set KUBECONFIG, or run occ login")
}

// Config returns the client configuration of the cluster. It fails with a MissingError if none is configured. No request is made.
func Config(flags *genericclioptions.ConfigFlags) (*rest.Config, error) {
	config, err := flags.ToRESTConfig()
	if err != nil {
		return nil, fmt.Errorf("cannot read kubeconfig: %w; use --kubeconfig or --context", err)
	}
	if isMissing(flags, config) {
		files := flags.ToRawKubeConfigLoader().ConfigAccess().GetLoadingPrecedence()
		return nil, &MissingError{problemOf(files), config.Timeout}
	}
	return config, nil
}

// isMissing reports whether no cluster is configured. Then this machine's port 8080 is used (client-go v0.36
// tools/clientcmd/client_config.go, getDefaultServer), which does not help a user without a kubeconfig.
func isMissing(flags *genericclioptions.ConfigFlags, config *rest.Config) bool {
	raw, err := flags.ToRawKubeConfigLoader().RawConfig()
	return err == nil && clientcmdapi.IsConfigEmpty(&raw) && *flags.APIServer == "" && config.Host == clientcmd.ClusterDefaults.Server
}

// problemOf reports why the kubeconfig files name no cluster.
func problemOf(files []string) string {
	var missing, empty []string
	for _, file := range files {
		if _, err := os.Stat(file); err != nil {
			missing = append(missing, file)
		} else {
			empty = append(empty, file)
		}
	}
	switch {
	case len(empty) > 0:
		return "kubeconfig " + strings.Join(empty, ", ") + " names none"
	case len(missing) > 0:
		return "kubeconfig " + strings.Join(missing, ", ") + " does not exist"
	}
	return "there is no kubeconfig"
}

// Replacement is the configuration of a client that is never used, because another reader reads everything: it sends no request.
func Replacement(address string, timeout time.Duration) *rest.Config {
	return &rest.Config{Host: address, Timeout: timeout, Transport: refusing{}}
}

type refusing struct{}

// RoundTrip sends nothing.
func (refusing) RoundTrip(*http.Request) (*http.Response, error) {
	return nil, errors.New("there is no kubeconfig for the cluster of the control plane")
}

// Address is the address of a server as it may be shown: that of a kubeconfig may hold a user and a password.
func Address(host string) string {
	scheme, rest, found := strings.Cut(host, "://")
	if !found {
		scheme, rest = "", host
	} else {
		scheme += "://"
	}
	authority, path, _ := strings.Cut(rest, "/")
	user := strings.LastIndex(authority, "@")
	if user < 0 {
		return host
	}
	return strings.TrimSuffix(scheme+authority[user+1:]+"/"+path, "/")
}
