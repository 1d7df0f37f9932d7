/** PURE. Programs by what they do. */

function list(names: string): readonly string[] {
  return names.trim().split(/\s+/)
}

/** Act as another user, or outside of the sandbox. */
export const PRIVILEGE: readonly string[] = list(`
  sudo doas su pkexec run0 runuser sg newgrp chroot unshare nsenter setpriv capsh setcap bwrap firejail docker podman nerdctl ctr lxc lxc-*
  virsh machinectl systemd-run systemd-nspawn sudoedit visudo
`)

/** Change the machine. */
export const MACHINE: readonly string[] = list(`
  mount umount mkfs mkfs.* mke2fs fdisk sfdisk gdisk parted wipefs losetup cryptsetup swapon swapoff insmod modprobe rmmod sysctl systemctl
  service initctl rc-service launchctl shutdown reboot halt poweroff init telinit iptables ip6tables nft ufw ip ifconfig route hostnamectl
  timedatectl hwclock efibootmgr grub-install apt apt-get dpkg yum dnf rpm pacman zypper apk snap flatpak update-alternatives ldconfig dmesg
  journalctl loginctl
`)

/** Are about users, owners of files, and jobs of the system. */
export const USERS: readonly string[] = list(`
  passwd chpasswd useradd usermod userdel groupadd groupmod gpasswd chsh chfn vipw chown chgrp setfacl chattr crontab at atd batch write
  wall
`)

/** End or watch other processes. */
export const PROCESSES: readonly string[] = list(`
  kill pkill killall killall5 skill snice fuser renice gdb lldb strace ltrace ptrace gcore perf bpftrace prlimit
`)

/** Want a terminal, and can run commands from inside. */
export const SCREENS: readonly string[] = list(`
  vi vim nvim view rvim ex ed emacs nano pico less more most man info screen tmux script expect top htop dialog whiptail gdialog unbuffer
  rlwrap ssh-agent gpg-agent dbus-send xdg-open open osascript start-stop-daemon disown
`)

/** Builtins of bash that change what later words mean. */
export const SHELL_STATE: readonly string[] = list(`
  alias unalias hash enable bind trap complete compgen compopt fc history ulimit umask suspend logout caller dirs
`)

/** Only look, whatever their options. */
export const SIMPLE: readonly string[] = list(`
  ls cat head tail wc nl tac rev cut paste tr comm cmp diff join fold fmt expand unexpand stat du df readlink realpath basename dirname pwd
  echo true false : sleep seq expr id whoami uname arch nproc uptime free which type strings od hexdump column cksum sum md5sum sha1sum
  sha224sum sha256sum sha384sum sha512sum b2sum grep egrep fgrep jq tsort numfmt cd exit ps cal tty
`)

/** Change files and nothing else. */
export const FILES: readonly string[] = list(`
  mkdir touch cp mv rm rmdir ln tee truncate install unlink chmod split csplit mktemp gzip gunzip bzip2 bunzip2 xz unxz zstd zip unzip
  rename sponge dd shred mkfifo
`)

/** Run programs of the workspace, or text that they are given. */
export const RUNNERS: readonly string[] = list(`
  python python2 python3 node deno bun perl ruby php lua tclsh rscript julia java javac gcc g++ cc clang make cmake ninja cargo rustc go
  dotnet mvn gradle npx tsc vitest jest pytest tox sqlite3 psql mysql bash sh dash zsh ksh . source parallel watch flock ./* */*
`)

/** Reach for the network. */
export const NETWORK: readonly string[] = list(`
  curl wget ssh scp sftp rsync nc ncat netcat telnet ftp lftp aria2c http https dig host nslookup whois ping traceroute gh aws gcloud az
  mail sendmail openssl socat pip pip3 pipx uv gem brew npm pnpm yarn composer
`)
