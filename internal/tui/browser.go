package tui

import (
	"errors"
	"fmt"
	"os/exec"
	"runtime"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/style"
)

// OpenBrowser opens a URL in the user's browser, if it is http or https and there is a browser to open.
func OpenBrowser(getenv func(string) string, address string) error {
	if !style.IsWebAddress(address) {
		return errors.New("not a URL of http or https")
	}
	opener := openerOf(runtime.GOOS, getenv)
	if len(opener) == 0 {
		return errors.New("no browser found")
	}
	command := exec.Command(opener[0], append(opener[1:], address)...)
	if err := command.Start(); err != nil {
		return fmt.Errorf("cannot start a browser: %w", err)
	}
	go func() { _ = command.Wait() }() // it may run as long as the browser does
	return nil
}

// openerOf is the command that opens a URL; empty where there is no desktop, as in a shell over SSH.
func openerOf(system string, getenv func(string) string) []string {
	switch {
	case system == "darwin":
		return []string{"open"}
	case system == "windows":
		return []string{"rundll32", "url.dll,FileProtocolHandler"}
	case getenv("WSL_DISTRO_NAME") != "":
		return []string{"wslview"}
	case getenv("DISPLAY") != "" || getenv("WAYLAND_DISPLAY") != "":
		return []string{"xdg-open"}
	}
	return nil
}
