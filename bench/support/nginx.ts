import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../../test/support/free-port.ts'
import { stopProcess } from './server-process.ts'

export interface Nginx extends AsyncDisposable {
  url: string
  pid: number
}

/** nginx with one worker, sending the files of `root` by sendfile: what a static file server can do on this machine. */
export async function startNginx(root: string): Promise<Nginx> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-nginx-'))
  const port = await freePort()
  await writeFile(join(folder, 'nginx.conf'), configuration({ folder, root, port }))
  const child = spawn('nginx', ['-p', folder, '-c', join(folder, 'nginx.conf'), '-e', join(folder, 'error.log')], {
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  await once(child, 'spawn')
  const url = `http://127.0.0.1:${port}`
  await untilAnswers(url)
  return {
    url,
    pid: child.pid ?? 0,
    async [Symbol.asyncDispose]() {
      await stopProcess(child)
      await rm(folder, { recursive: true, force: true })
    },
  }
}

function configuration({ folder, root, port }: { folder: string; root: string; port: number }): string {
  // Started by root it would become somebody who may not look into our folder.
  const user = userInfo()
  const scratch = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(of => `${of}_temp_path ${folder}/${of};`)
  return `
daemon off;
${user.uid === 0 ? `user ${user.username};` : ''}
worker_processes 1;
pid ${folder}/nginx.pid;
events { worker_connections 1024; }
http {
  ${scratch.join('\n  ')}
  access_log off;
  sendfile on;
  tcp_nopush off;
  keepalive_requests 10000000;
  server {
    listen 127.0.0.1:${port};
    root ${root};
  }
}
`
}

async function untilAnswers(url: string): Promise<void> {
  const deadline = Date.now() + 5000
  for (;;) {
    try {
      await (await fetch(url)).arrayBuffer()
      return
    } catch (fault) {
      if (Date.now() > deadline) throw new Error(`nginx does not answer at ${url}.`, { cause: fault })
      await new Promise(done => setTimeout(done, 20))
    }
  }
}
