//go:build unix

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

const lintCases = "../../testdata/lint/cases"

// TestWordsOfKustomize: kustomize prints deprecated fields to the standard error of the process, without file and line.
func TestWordsOfKustomize(t *testing.T) {
	t.Parallel()
	p := start(t, nil, "lint", filepath.Join(lintCases, "n10-words-of-kustomize-on-stderr"))
	_ = p.Wait()
	if code := p.ProcessState.ExitCode(); code != 0 || p.said("stderr") != "" || strings.Contains(p.said("stdout"), "kustomize edit fix") {
		t.Errorf("exit code %d\nstdout: %s\nstderr: %s", code, p.said("stdout"), p.said("stderr"))
	}
}

// TestInterruptedWhileBuilding: 200 Kustomizations take longer to build than a signal takes that comes just before the first.
func TestInterruptedWhileBuilding(t *testing.T) {
	t.Parallel()
	dir := manyApps(t, 200, 20)
	ready := newSign()
	git := program(t, "git", "case \"$*\" in *config*) : <"+pipe(t, ready)+";; esac\nexit 1\n") // which remotes the clone has is the last question before the build
	p := start(t, []string{"PATH=" + filepath.Dir(git) + ":" + os.Getenv("PATH")}, "lint", dir)
	<-ready.seen
	if err := p.Process.Signal(syscall.SIGINT); err != nil {
		t.Skipf("it ended before the signal: %v", err)
	}
	begun := time.Now()
	_ = p.Wait()
	took := time.Since(begun)
	if code := p.ProcessState.ExitCode(); code != 130 || took > bound || p.said("stdout") != "" || p.said("stderr") != "interrupted\n" {
		t.Errorf("exit code %d after %s, want 130\nstdout: %s\nstderr: %s", code, took, p.said("stdout"), p.said("stderr"))
	}
}

// manyApps multiplies the folder and the Kustomization of the case d23a.
func manyApps(t *testing.T, apps, files int) string {
	t.Helper()
	dir := t.TempDir()
	read := func(name string) string {
		text, err := os.ReadFile(filepath.Join(lintCases, "d23a-interrupted-while-building", name))
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	write := func(name, text string) {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	source, kustomization, _ := strings.Cut(read("clusters/one/flux.yaml"), "---\n")
	object := read("apps/app-000/00.yaml")
	flux := source
	for i := range apps {
		app := fmt.Sprintf("app-%03d", i)
		flux += "---\n" + strings.ReplaceAll(kustomization, "app-000", app)
		resources := "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:\n"
		for j := range files {
			name := fmt.Sprintf("%02d", j)
			resources += "  - " + name + ".yaml\n"
			write("apps/"+app+"/"+name+".yaml", strings.NewReplacer("app-000", app, "settings-00", "settings-"+name).Replace(object))
		}
		write("apps/"+app+"/kustomization.yaml", resources)
	}
	write("clusters/one/flux.yaml", flux)
	return dir
}
