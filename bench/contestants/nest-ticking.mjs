// NestJS with its schedule module: providers with an interval of a second. Decorators are called as functions.
import 'reflect-metadata';
import { Injectable, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Interval, ScheduleModule } from '@nestjs/schedule';
import { task, tellReady } from './measured.mjs';

function workerClass(index) {
  class IdleWorker {
    async run() {
      return 'idle';
    }
  }
  Injectable()(IdleWorker);
  const { prototype } = IdleWorker;
  Interval(`worker-${index}`, 1_000)(prototype, 'run', Object.getOwnPropertyDescriptor(prototype, 'run'));
  return IdleWorker;
}

class BenchModule {}
Module({
  imports: [ScheduleModule.forRoot()],
  providers: Array.from({ length: task.workers }, (_, index) => workerClass(index)),
})(BenchModule);

const application = await NestFactory.createApplicationContext(BenchModule);
await application.init();
tellReady();
