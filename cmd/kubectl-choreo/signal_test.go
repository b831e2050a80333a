//go:build unix

package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/internal/requestguard"
)

// bound is the time in which a process must end after a signal. The limit is one second. TestCommandsEndWithinASecond and
// TestACommandThatDoesNotEndIsLeft of internal/cli hold it on a fake clock, also for a login and a build, which no context ends. This
// allows for the race detector and a busy machine as well; a command with a defect never ends.
const bound = 5 * time.Second

// cluster returns a kubeconfig for an API server, which fails the test at a request that is not documented. user is the content of its
// user entry.
func cluster(t *testing.T, user string, serve http.HandlerFunc) string {
	t.Helper()
	server := httptest.NewUnstartedServer(requestguard.Handler(t, serve))
	server.Config.ErrorLog = log.New(io.Discard, "", 0) // interrupted connections are expected
	server.StartTLS()                                   // without TLS, clients send no credentials
	t.Cleanup(server.CloseClientConnections)
	t.Cleanup(server.Close)
	text := fmt.Sprintf(`apiVersion: v1
kind: Config
current-context: c
contexts: [{name: c, context: {cluster: c, user: u, namespace: default}}]
clusters: [{name: c, cluster: {server: %q, insecure-skip-tls-verify: true}}]
users: [{name: u, user: {%s}}]
`, server.URL, user)
	file := filepath.Join(t.TempDir(), "kubeconfig")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// hanging accepts each request and never responds.
func hanging(t *testing.T, s *sign) string {
	t.Helper()
	return cluster(t, "", func(_ http.ResponseWriter, r *http.Request) {
		s.give()
		<-r.Context().Done()
	})
}

// restarting is an API server that is starting: it responds, but only with errors.
func restarting(t *testing.T, s *sign) string {
	t.Helper()
	var lock sync.Mutex
	requests := 0
	return cluster(t, "", func(w http.ResponseWriter, _ *http.Request) {
		lock.Lock()
		defer lock.Unlock()
		if requests++; requests > 20 {
			s.give()
		}
		http.Error(w, "starting", http.StatusServiceUnavailable)
	})
}

// large returns a repository for which kustomize takes minutes, and a git that closes the sign just before the build.
func large(t *testing.T, s *sign) (dir, path string) {
	t.Helper()
	dir = t.TempDir()
	var text strings.Builder
	for i := range 6000 {
		fmt.Fprintf(&text, "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: c%d}\n", i)
	}
	for name, text := range map[string]string{"all.yaml": text.String(), "kustomization.yaml": "resources: [all.yaml]\nnamespace: shop\nnamePrefix: p-\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	git := program(t, "git", "case \"$*\" in *config*) : <"+pipe(t, s)+";; esac\nexit 1\n")
	return dir, filepath.Dir(git) + ":" + os.Getenv("PATH")
}

// scene is a test that waits for a sign.
type scene struct {
	*testing.T
	ready *sign
}

// waitingCommands start a command that waits, by what it waits for.
func waitingCommands() map[string]func(scene) *process {
	commands := otherWaits()
	for name, args := range map[string][]string{
		"Trace":     {"trace", "a"},
		"Watch":     {"trace", "a", "-w"},
		"Verify":    {"verify", "a"},
		"Fleet":     {"verify", "-A"},
		"Snapshot":  {"snapshot", "a"},
		"Version":   {"version"},
		"Reconcile": {"reconcile", "a", "--wait"},
	} {
		commands[name] = func(s scene) *process {
			return start(s.T, nil, append(args, "--kubeconfig", hanging(s.T, s.ready))...)
		}
	}
	return commands
}

// otherWaits start a command that waits for something other than an API server that never responds.
func otherWaits() map[string]func(scene) *process {
	return map[string]func(scene) *process{
		"Stdin": func(s scene) *process {
			p := start(s.T, nil, "trace", "--snapshot", "-")
			go func() { // more than a pipe can hold: the write returns only after the command has started to read
				if _, err := p.stdin.Write(bytes.Repeat([]byte("# snapshot\n"), 20000)); err == nil {
					s.ready.give()
				}
			}()
			return p
		},
		"Pipe": func(s scene) *process { return start(s.T, nil, "verify", "a", "--snapshot", pipe(s.T, s.ready)) },
		"Retries": func(s scene) *process {
			return start(s.T, nil, "verify", "a", "--kubeconfig", restarting(s.T, s.ready))
		},
		"Login": func(s scene) *process {
			login := program(s.T, "login", "exec cat "+pipe(s.T, s.ready)+"\n")
			user := fmt.Sprintf("exec: {apiVersion: client.authentication.k8s.io/v1, command: %q, interactiveMode: Never}", login)
			return start(s.T, nil, "trace", "a", "--kubeconfig", cluster(s.T, user, func(http.ResponseWriter, *http.Request) {}))
		},
		"Git": func(s scene) *process {
			git := program(s.T, "git", "cat "+pipe(s.T, s.ready)+"\n") // a child of the script holds the output open
			return start(s.T, []string{"PATH=" + filepath.Dir(git) + ":" + os.Getenv("PATH")}, "lint", s.TempDir())
		},
		"Build": func(s scene) *process {
			dir, path := large(s.T, s.ready)
			return start(s.T, []string{"PATH=" + path}, "lint", dir)
		},
	}
}

// TestSignals checks that a signal ends every command in every state. The command must not report a result that it does not know.
func TestSignals(t *testing.T) {
	t.Parallel()
	for name, begin := range waitingCommands() {
		for s, want := range map[syscall.Signal]struct {
			exit int
			word string
		}{syscall.SIGINT: {130, "interrupted\n"}, syscall.SIGTERM: {143, "terminated\n"}} {
			t.Run(name+"/"+s.String(), func(t *testing.T) {
				t.Parallel()
				ready := newSign()
				p := begin(scene{t, ready})
				took := p.end(t, ready, s)
				if got := p.ProcessState.ExitCode(); got != want.exit || took > bound || !strings.HasSuffix(p.said("stderr"), want.word) || p.said("stdout") != "" {
					t.Errorf("exit code %d after %s, want %d\nstdout: %s\nstderr: %s", got, took, want.exit, p.said("stdout"), p.said("stderr"))
				}
				t.Logf("%s", took)
			})
		}
	}
}

// TestTheSecondSignal checks that the second signal ends the program at once, without output.
func TestTheSecondSignal(t *testing.T) {
	t.Parallel()
	ready := newSign()
	p := start(t, nil, "trace", "--snapshot", pipe(t, ready))
	<-ready.seen
	ended := make(chan error, 1)
	go func() { ended <- p.Wait() }()
	for {
		select {
		case err := <-ended:
			var exit *exec.ExitError
			if !errors.As(err, &exit) || !exit.Sys().(syscall.WaitStatus).Signaled() {
				t.Errorf("%v\n%s", err, p.said("stderr"))
			}
			return
		default:
			_ = p.Process.Signal(syscall.SIGINT)
		}
	}
}
