package login

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"go.yaml.in/yaml/v3"
)

// runLogin is the remedy for a missing or expired login of occ.
const runLogin = "run occ login"

// maxConfiguration bounds the configuration of occ, which has a few contexts and tokens.
const maxConfiguration = 1 << 20

// configuration is the part of occ's configuration that leads to the API and the token (openchoreo v1.2.3 internal/occ/cmd/config/types.go).
// Of other fields, such as the refresh token and the client's secret, nothing is read.
type configuration struct {
	CurrentContext string `yaml:"currentContext"`
	ControlPlanes  []struct {
		Name string `yaml:"name"`
		URL  string `yaml:"url"`
	} `yaml:"controlplanes"`
	Credentials []struct {
		Name  string `yaml:"name"`
		Token string `yaml:"token"`
	} `yaml:"credentials"`
	Contexts []struct {
		Name         string `yaml:"name"`
		ControlPlane string `yaml:"controlplane"`
		Credentials  string `yaml:"credentials"`
	} `yaml:"contexts"`
}

// OfOCC returns the Login of occ's current context. It is false if occ has no configuration, or has no address in it.
func OfOCC(getenv func(string) string) (l Login, found bool, err error) {
	path := occPath(getenv)
	if path == "" {
		return Login{}, false, nil
	}
	text, err := readBounded(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return Login{}, false, nil
	case err != nil:
		return Login{}, false, fmt.Errorf("cannot read the configuration of occ: %w", err)
	}
	var c configuration
	if err := yaml.Unmarshal(text, &c); err != nil {
		// The error of the decoder may repeat a line, and with it a token.
		return Login{}, false, fmt.Errorf("cannot read the configuration of occ: %s is invalid", path)
	}
	address, token := c.current()
	if address == "" {
		return Login{}, false, nil
	}
	if l, err = newLogin(address, token, runLogin); err != nil {
		return Login{}, false, fmt.Errorf("cannot use the configuration of occ, %s: %w", path, err)
	}
	return l, true, nil
}

// occPath is the only place where occ looks (openchoreo v1.2.3 internal/occ/cmd/config/storage.go).
func occPath(getenv func(string) string) string {
	home := cmp.Or(getenv("HOME"), getenv("USERPROFILE"))
	if home == "" {
		return ""
	}
	return filepath.Join(home, ".openchoreo", "config")
}

func readBounded(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	text, err := io.ReadAll(io.LimitReader(f, maxConfiguration+1))
	if err == nil && len(text) > maxConfiguration {
		err = fmt.Errorf("%s is larger than 1 MiB", path)
	}
	return text, err
}

// current returns the address and the token of the current context; "" for what it does not have.
func (c configuration) current() (address, token string) {
	for _, context := range c.Contexts {
		if c.CurrentContext == "" || context.Name != c.CurrentContext {
			continue
		}
		for _, plane := range c.ControlPlanes {
			if plane.Name == context.ControlPlane {
				address = plane.URL
			}
		}
		for _, credential := range c.Credentials {
			if context.Credentials != "" && credential.Name == context.Credentials {
				token = credential.Token
			}
		}
		return address, token
	}
	return "", ""
}
